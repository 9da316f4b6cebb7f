"""What the studies that train networks have in common on the command line."""

import shlex
import time
from argparse import Namespace
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from segstudio.cli.console import Answer, Interrupted, counted, failures, figure, table
from segstudio.domain.records import Split
from segstudio.domain.task import Cancelled, Task
from segstudio.settings import assignments
from segstudio.store.files import write_atomically
from segstudio.store.project import Project
from segstudio.workflows.study_arms import STEPS, Plan, Wanted
from segstudio.workflows.study_figures import Figures, figures_of
from segstudio.workflows.study_page import millions, page, ranged, seconds, signed
from segstudio.workflows.study_results import Results
from segstudio.workflows.study_training import Made, Study

OPTIONS = ("seeds", "steps", "full", "device", "settings", "output")

SEEDS = 3

Planned = Callable[[Project, Wanted], Plan]


def make(plan_of: Planned, project: Project, arguments: Namespace, task: Task) -> Answer:
    """Train what is missing, write page and numbers after every run, and sum it up."""
    from segstudio.learning.devices import device_named

    began = time.monotonic()
    device = device_named(arguments.device or "auto")
    wanted = _wanted(arguments, device)
    plan = plan_of(project, wanted)
    place = arguments.output or project.root / "studies" / f"{plan.name}.html"
    place = place if place.suffix == ".html" else place.with_name(f"{place.name}.html")
    results = Results(place.with_suffix(".json"))
    writer = _Writer(project, plan, wanted, results, place, _command(plan, arguments))
    with results.alone():
        study = Study(project, plan, wanted, results, device)
        try:
            made = study.make(task, writer.write)
        except Cancelled:
            raise Interrupted(
                f"go on with the same command; finished runs stand in {place}"
            ) from None
        rows = writer.write(made)
    return _answer(plan, wanted, made, rows, place, time.monotonic() - began)


def _wanted(arguments: Namespace, device: str) -> Wanted:
    from segstudio.workflows.models import weights_at

    first = arguments.seed
    weights = None
    if arguments.weights is not None:
        weights = weights_at(arguments.weights), _named(arguments.weights)
    return Wanted(
        arguments.steps or STEPS,
        tuple(range(first, first + (arguments.seeds or SEEDS))),
        Split(arguments.split),
        # A GPU has room for the papers' networks; a processor would take days.
        bool(arguments.full) or device == "cuda",
        dict(assignments(arguments.settings or [])),
        weights,
    )


def _named(weights: str) -> str:
    """Say what weights are without telling where this machine keeps them."""
    place, colon, run = weights.rpartition(":")
    if colon and (run == "" or run.isdecimal()):
        which = f"run {run}" if run else "the model in use"
        return f"the weights of {which} of the project {Path(place).name}, of one's own"
    return f"the weights in {Path(weights).name}"


def _command(plan: Plan, arguments: Namespace) -> str:
    """Return the command that makes the same study, without the folders of this machine."""
    words = ["segstudio", "study", plan.name, Path(arguments.project).name]
    words += ["--split", arguments.split, "--seed", str(arguments.seed)]
    for name in ("seeds", "steps", "device"):
        value = getattr(arguments, name)
        words += [] if value is None else [f"--{name}", str(value)]
    words += ["--full"] if arguments.full else []
    for setting in arguments.settings or ():
        words += ["--set", setting]
    words += ["--weights", Path(arguments.weights).name] if arguments.weights else []
    return shlex.join(words)


class _Writer:
    """Writes the page and its numbers, whatever there is of them."""

    def __init__(
        self,
        project: Project,
        plan: Plan,
        wanted: Wanted,
        results: Results,
        place: Path,
        command: str,
    ) -> None:
        self._project, self._plan, self._wanted = project, plan, wanted
        self._results, self._place, self._command = results, place, command

    def write(self, made: Made) -> list[Figures]:
        """Write both; return the figures of the arms in their order."""
        found = figures_of(self._plan, made.runs)
        rows = [found[arm.name] for arm in self._plan.arms]
        text = page(
            self._plan, made, found, self._project.classes(), self._wanted.seeds, self._command
        )
        write_atomically(self._place, text.encode())
        values = _values(self._plan, self._wanted, made, rows)
        self._results.describe({**values, "command": self._command})
        return rows


def _values(plan: Plan, wanted: Wanted, made: Made, rows: Sequence[Figures]) -> dict[str, Any]:
    return {
        "study": plan.name,
        "split": made.measured_on,
        "images": made.judged,
        "learned": made.learned,
        "indicative": made.indicative,
        "seeds": list(wanted.seeds),
        "steps": wanted.steps,
        "full": wanted.full,
        "source": plan.source,
        "rows": [row.to_json() for row in rows],
        "failed": failures(made.failed),
    }


def _answer(
    plan: Plan,
    wanted: Wanted,
    made: Made,
    rows: Sequence[Figures],
    place: Path,
    taken: float,
) -> Answer:
    values = _values(plan, wanted, made, rows)
    values |= {"page": str(place), "raw": str(place.with_suffix(".json"))}
    values["seconds"] = round(taken, 3)
    trust = " (indicative: measured on parts of the same pictures)" if made.indicative else ""
    head = (
        f"learned from {counted(made.learned, 'picture')}, measured on "
        f"{counted(made.judged, 'picture')} of {made.measured_on}{trust}; "
        f"{counted(len(wanted.seeds), 'seed')}"
    )
    texts = [head, table([_row(row) for row in rows]), str(place)]
    return Answer(values, "\n".join(texts), made.failed)


def _row(row: Figures) -> dict[str, Any]:
    run = row.runs[0] if row.runs else None
    spread = "" if row.spread is None else f" ± {row.spread:.3f}"
    return {
        "arm": row.arm.name,
        "mIoU": figure(row.miou) + spread,
        "95 %": ranged(row.interval),
        "to the first": "–" if row.difference is None else signed(row.difference),
        "95 % of that": ranged(row.difference_interval, True),
        "parameters": "–" if run is None else millions(run.parameters),
        "steps": "–" if run is None else f"{run.steps:,}",
        "s a step": seconds(row.step_seconds),
        "in the paper": "; ".join(f"{name} {text}" for name, text in row.arm.printed.items())
        or "–",
    }
