"""Which regions to label first: strategies compared with a simulated person."""

import os
import shlex
import time
from argparse import Namespace
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from segstudio.cli.console import Answer, Interrupted, failures, figure, table
from segstudio.domain.records import Split
from segstudio.domain.task import Cancelled, Task
from segstudio.errors import UserError
from segstudio.settings import assignments
from segstudio.store.alone import alone
from segstudio.store.files import write_atomically
from segstudio.store.project import Project
from segstudio.workflows.selection.arms import (
    JUDGED,
    OURS,
    Terms,
    chosen,
    sets_named,
    terms_of,
)
from segstudio.workflows.selection.figures import SetFigures, Verdict, goals, verdicts
from segstudio.workflows.selection.learner import Learner
from segstudio.workflows.selection.lines import Lines
from segstudio.workflows.selection.material import Material
from segstudio.workflows.selection.page import page
from segstudio.workflows.selection.rounds import Bench
from segstudio.workflows.selection.study import Shard, make
from segstudio.workflows.shelf import Shelf

HELP = "which regions to label first: strategies compared with a simulated person"

OPTIONS = (
    "seeds", "steps", "device", "settings", "weights", "output", "rounds", "budget", "arms",
    "shard", "tuned",
)  # fmt: skip

SEVERAL = True
"""Takes more than one project: each is a set of pictures."""

SEEDS = 10


def study(projects: Sequence[Project], arguments: Namespace, task: Task) -> Answer:
    """Make what is missing of a shard; without one, write the page of what all have made."""
    from segstudio.learning.devices import device_named

    began = time.monotonic()
    terms = _terms(arguments)
    names = (arguments.arms or "judged").split(",")
    shard = Shard.read(arguments.shard) if arguments.shard else Shard()
    place = arguments.output or projects[0].root / "studies" / "selection.html"
    place = place if place.suffix == ".html" else place.with_name(f"{place.name}.html")
    part = "" if shard.of == 1 else f".{shard.number}-of-{shard.of}"
    file = place.with_name(f"{place.stem}{part}.jsonl")
    learner = Learner(device_named(arguments.device or "auto"), _threads())
    refused = UserError(
        f"another program is making {file.name}", "wait for it, or name another page with -o"
    )
    with ExitStack() as open:
        open.enter_context(alone(file, refused))
        lines, shelf = Lines(file, place.stem), Shelf()
        open.callback(shelf.close)
        work = place.with_name(f"{place.stem}.parts")
        _known(projects, {"--tuned": set(arguments.tuned or ()), "--arms": sets_named(names)})
        materials = [Material.of(p, shelf, task, Split(arguments.split)) for p in projects]
        benches = [
            Bench(each, terms, chosen(terms, names, each.name), lines, work, learner)
            for each in materials
        ]
        told = _Told(benches, arguments, place, shard.of == 1)
        try:
            make(benches, told.seeds, shard, task, told.write)
        except Cancelled:
            raise Interrupted(
                f"go on with the same command; finished rounds stand in {file}"
            ) from None
        if work.is_dir() and not any(work.iterdir()):
            work.rmdir()
        return told.answer(file, shard, time.monotonic() - began)


def _terms(arguments: Namespace) -> Terms:
    from segstudio.workflows.models import weights_at

    values: dict[str, Any] = dict(assignments(arguments.settings or []))
    for name in ("steps", "rounds", "budget"):
        if getattr(arguments, name) is not None:
            values[name] = getattr(arguments, name)
    return terms_of(values, weights_at(arguments.weights) if arguments.weights else None)


def _known(projects: Sequence[Project], asked: Mapping[str, set[str]]) -> None:
    """Raise `UserError` where an option names a set of pictures that is not among them."""
    there = [project.root.stem for project in projects]
    if len(set(there)) < len(there):
        twice = next(name for name in there if there.count(name) > 1)
        raise UserError(f"two projects are called {twice!r}", "the page tells them by their names")
    for option, names in asked.items():
        unknown = names.difference(there)
        if unknown:
            known = ", ".join(there)
            raise UserError(f"no project is called {min(unknown)!r}", f"for {option}: {known}")


def _threads() -> int | None:
    """Return how many threads the person allows, as for torch; None: as many as there are."""
    text = os.environ.get("OMP_NUM_THREADS", "")
    return int(text) if text.isdecimal() and int(text) > 0 else None


class _Told:
    """Says what there is of a study: as a page, as values and as text."""

    def __init__(
        self,
        benches: Sequence[Bench],
        arguments: Namespace,
        place: Path,
        whole: bool,
    ) -> None:
        first = arguments.seed
        self.seeds = range(first, first + (arguments.seeds or SEEDS))
        self._benches, self._place, self._whole = benches, place, whole
        self._tuned = set(arguments.tuned or ())
        self._command = _command(arguments)

    def write(self) -> list[SetFigures]:
        """Write the page, unless a shard knows only its own; return the figures."""
        sets = [
            SetFigures.of(bench, self.seeds, bench.material.name in self._tuned)
            for bench in self._benches
        ]
        if self._whole:
            text = page(sets, self.seeds, self._failed, self._command)
            write_atomically(self._place, text.encode())
        return sets

    @property
    def _failed(self) -> list[Any]:
        return [failure for bench in self._benches for failure in bench.failed]

    def answer(self, raw: Path, shard: Shard, seconds: float) -> Answer:
        sets = self.write()
        rows = [one.row(arm) for one in sets for arm in one.arms if arm.name in one.runs]
        told = [verdict for name in JUDGED if name != OURS for verdict in verdicts(sets, name)]
        values = {
            "study": "selection",
            "seeds": list(self.seeds),
            "shard": str(shard),
            "rows": rows,
            "verdicts": [verdict.to_json() for verdict in told],
            "goals": dict(goals(sets)),
            "failed": failures(self._failed),
            "page": str(self._place) if self._whole else None,
            "raw": str(raw),
            "seconds": round(seconds, 3),
        }
        texts = [table([_shown(row) for row in rows])]
        if told:
            texts.append(table([_said(verdict) for verdict in told]))
        texts.append(str(self._place) if self._whole else f"{raw} (the page comes without --shard)")
        return Answer(values, "\n\n".join(texts), self._failed)


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    ratio, labelled = row["time_ratio"], row["labelled"]
    return {
        "set": row["set"],
        "arm": row["arm"],
        "seeds": row["seeds"],
        "area": figure(row["area"]),
        "mIoU": figure(row["miou"]),
        "worst": figure(row["worst"]),
        "variance": "–" if row["iou_variance"] is None else f"{row['iou_variance']:.4f}",
        "labelled": "–" if labelled is None else f"{labelled:.1%}",
        "× random": "–" if ratio is None else f"{ratio:.2f}",
    }


def _said(verdict: Verdict) -> dict[str, Any]:
    return {
        "recommended against": verdict.other,
        "on": verdict.set,
        "difference": f"{verdict.difference:+.4f}",
        "p": f"{verdict.p:.4f}",
        "corrected": "–" if verdict.corrected is None else f"{verdict.corrected:.4f}",
        "": verdict.said,
    }


def _command(arguments: Namespace) -> str:
    """Return the command that makes the same study, without the folders of this machine."""
    words = ["segstudio", "study", "selection", *(Path(p).name for p in arguments.project)]
    words += ["--split", arguments.split, "--seed", str(arguments.seed)]
    for name in ("seeds", "rounds", "budget", "steps", "arms", "device"):
        value = getattr(arguments, name)
        words += [] if value is None else [f"--{name}", str(value)]
    for option, values in (("--tuned", arguments.tuned), ("--set", arguments.settings)):
        for value in values or ():
            words += [option, value]
    words += ["--weights", Path(arguments.weights).name] if arguments.weights else []
    return shlex.join(words)
