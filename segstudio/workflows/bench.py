"""Running benchmarks: those of the floors below, and those of the window in other processes."""

import json
import pkgutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from segstudio.domain.task import Task
from segstudio.errors import UserError
from segstudio.workflows.benchmarks.benchmark import Comparison, Row, benchmarks
from segstudio.workflows.children import heard

WINDOW = "segstudio.gui.benchmarks"
"""``python -m`` of it, with a name and an empty folder, measures the real window and prints
rows as JSON."""

PEERS = {
    # Medians of other programs for the same, on 2 cores without a GPU, November 2026.
    "window shown and answering": Comparison("labelme", 1.5),
    "open 4000x3000.jpg to first paint": Comparison("X-AnyLabeling", 140),
    "open 12000x9000.png to first paint": Comparison("napari", 4700),
}


def names() -> list[str]:
    """Return the names of all benchmarks; those of the window come last."""
    return [*benchmarks, *window_names()]


def window_names() -> list[str]:
    """List the window's benchmarks by their files: they need Qt, which is not imported here."""
    folder = Path(__file__).parents[1] / "gui" / "benchmarks" / "builtin"
    return [module.name for module in pkgutil.iter_modules([str(folder)])]


def bench(name: str | None, task: Task) -> Iterator[Row]:
    """Yield the rows of one benchmark, or of all."""
    if name is not None and name not in names():
        raise UserError(
            f"there is no benchmark called {name!r}", f"there are: {', '.join(names())}"
        )
    for one in [name] if name else names():
        yield from (
            _window_rows(one, task) if one in window_names() else benchmarks[one]().measure(task)
        )


def _window_rows(name: str, task: Task) -> Iterator[Row]:
    """Measure the window in another process, which can be stopped at any time."""
    # What it measures on may be gigabytes: the folder goes even where the process is killed.
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", WINDOW, name, folder]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as child:
            try:
                out, err = heard(child, task, f"Measuring the window: {name}")
            except BaseException:
                child.kill()
                raise
    if child.returncode:
        said = (err.strip().splitlines() or ["it ended without a word"])[-1]
        raise UserError(f"the window could not be measured: {said}", "segstudio doctor says more")
    for values in json.loads(out.strip().splitlines()[-1]):
        yield row_of(values)


def row_of(values: dict[str, Any]) -> Row:
    """Make a row of what the window's process printed."""
    return Row(
        values["name"], values["unit"], values.get("goal"), values.get("statistic", "median"),
        list(values["samples"]), PEERS.get(values["name"]),
    )  # fmt: skip
