"""Handing runs over to a tracker that is installed beside this program, such as MLflow."""

import importlib.util
import json
import re
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from math import isfinite
from pathlib import Path
from typing import Any

from segstudio.domain.records import RunRecord
from segstudio.domain.task import Task
from segstudio.errors import UserError
from segstudio.store.project import Project
from segstudio.workflows.children import command_of, environment, heard
from segstudio.workflows.run_table import find_run, remarks_of
from segstudio.workflows.runs import RunFolder, lines_of
from segstudio.workflows.trackers.tracker import Point, Story, trackers

CHILD = "segstudio.workflows.trackers.child"


@dataclass(frozen=True)
class Kept:
    """Where a tracker keeps a run."""

    run: int
    place: str


def check_tracker(name: str) -> None:
    """Raise `UserError` where there is no such tracker, or it is not installed."""
    tracker = trackers[name]
    if importlib.util.find_spec(tracker.package) is None:
        raise UserError(
            f"{tracker.title} is not installed", f'pip install "segstudio[{name}]" installs it'
        )


def hand_over(project: Project, runs: Sequence[int], name: str, task: Task) -> list[Kept]:
    """Tell a tracker of runs that are over; return where it keeps each.

    Those that it keeps already are replaced. Raises `UserError` where one still trains, or the
    tracker fails; the runs themselves stay as they are.
    """
    check_tracker(name)
    stories = [asdict(story_of(project, find_run(project, run))) for run in runs]
    title = trackers[name].title
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "stories.json"
        file.write_text(json.dumps(stories), encoding="utf-8")
        command = command_of(CHILD, name, str(project.root), str(file))
        with subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=environment(), text=True, encoding="utf-8",
        ) as child:  # fmt: skip
            try:
                out, err = heard(child, task, f"Handing over to {title}")
            except BaseException:
                child.kill()
                raise
    said = [json.loads(line) for line in out.splitlines() if line.startswith("{")]
    wrong = next((each for each in said if "error" in each), None)
    if wrong is not None:
        raise UserError(wrong["error"], wrong.get("hint", ""))
    if child.returncode:
        last = (err.strip().splitlines() or ["it ended without a word"])[-1]
        raise UserError(f"{title} could not be told of the runs: {last}")
    return [Kept(each["run"], each["place"]) for each in said]


def over(project: Project) -> list[int]:
    """Return the runs that are over, oldest first."""
    return sorted(run.id for run in project.runs() if run.status != "running")


def story_of(project: Project, run: RunRecord) -> Story:
    """Return what a tracker is told of a run; raise `UserError` where it still trains."""
    if run.status == "running" or run.finished is None:
        raise UserError(f"run {run.id} is still training", "hand it over when it is done")
    folder = RunFolder(project.run_folder(run.id))
    remarks = remarks_of(folder)
    tags = {_named(tag): "yes" for tag in remarks.tags} | {"network": run.network}
    if run.metrics:
        tags |= {
            "split": str(run.metrics.get("split", "")),
            "indicative": "yes" if run.metrics.get("indicative") else "no",
        }
    return Story(
        project.root.stem, run.id, run.status, run.started, run.finished,
        dict(_settings(run.settings)),
        [point for entry in lines_of(folder.path / "log.jsonl") if (point := _point(entry))],
        {f"final/{name}": value for name, value in _figures(run.metrics)},
        tags,
        remarks.note or run.note,
    )  # fmt: skip


def _settings(settings: Mapping[str, Any], group: str = "") -> Iterator[tuple[str, Any]]:
    """Yield settings with their group before them, lists as words with commas between."""
    for name, value in settings.items():
        if isinstance(value, Mapping):
            yield from _settings(value, f"{group}{name}/")
        elif isinstance(value, list | tuple):
            yield group + name, ",".join(str(item) for item in value)
        elif value is not None:
            yield group + name, value


def _point(entry: Mapping[str, Any]) -> Point | None:
    rest = {name: v for name, v in entry.items() if name not in ("step", "seconds")}
    found = dict(_figures(rest))
    return (int(entry["step"]), float(entry["seconds"]), found) if found else None


def _figures(values: Mapping[str, Any], group: str = "") -> Iterator[tuple[str, float]]:
    """Yield what is a finite number, also in groups such as the IoU of each class."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _figures(value, f"{group}{_named(name)}/")
        elif isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value):
            yield group + _named(name), float(value)


def _named(name: str) -> str:
    """Return a name that every tracker takes, and that leads out of no folder."""
    return re.sub(r"[^\w\- ]", "_", name) or "_"
