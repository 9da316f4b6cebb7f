"""How much memory does each kind of work take on a raster that is far beyond it?

Makes a project of a raster of 30000 × 30000 pixels and of a small one, trains a tiny network on
the small one, then lets it and two segmenters loose on the large one: each job in a process of
its own, with what it holds at most above its start. Ends with 1 where that is over 1 GB.

    python tests/figures/raster_jobs.py [--size N] [--folder DIR] [JOB …]

The raster is made, unless SEGSTUDIO_RASTER names one. With ``--folder`` the project is kept and
found again, so that single jobs can be repeated.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from command import segstudio

if TYPE_CHECKING:
    from segstudio.testing import Studio

GOAL = 1000.0
"""Megabytes above the start."""

CLASSES = ("water", "dark", "middle", "light")
SMALL = 1024
PROJECT = "country.segstudio"

Job = Callable[[Path], float]
"""Does something with a project; returns the most megabytes that it held."""


def prepare(folder: Path, size: int) -> None:
    """Make the project, unless it is there, with a model of four bands."""
    from segstudio.scenes.country import Country
    from segstudio.scenes.geotiff import write_country

    project, small = folder / PROJECT, folder / "small.tif"
    if project.exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    write_country(Country(SMALL, 1), small)
    if not large().exists():
        write_country(Country(size), large(), overviews=True)
    segstudio("new", project, *(f"--class={name}" for name in CLASSES))
    segstudio("add", project, small)
    labelling = "--method multi_otsu --set classes=4 --accept"
    segstudio("segment", project, *labelling.split())
    learning = "--network fast_scnn --preset quick --steps 40 --set batch=2 --set crop=256"
    segstudio("train", project, *learning.split())
    segstudio("add", project, large())


def paint(project: Path) -> float:
    """Open the raster in the window, look at it at all scales, paint small and large strokes."""
    from segstudio.gui.benchmarks import driving

    def do(studio: "Studio") -> None:
        for _ in (*driving.looking(studio, ""), *driving.painting(studio, "")):
            pass

    return by_window(project, do)


def accept(project: Path) -> float:
    """Accept the proposal that is there, in the window."""
    return by_window(project, lambda studio: studio.accept())


def undo(project: Path) -> float:
    """Take back the accepting, and make it again and take it back, in the window."""

    def do(studio: "Studio") -> None:
        for command in ("undo", "redo", "undo"):
            studio.trigger(command).wait_saved(600)

    return by_window(project, do)


def doubt(project: Path) -> float:
    """Show how unsure the model is, in the window."""
    return by_window(project, lambda studio: studio.entropy)


def by_window(project: Path, do: "Callable[[Studio], object]") -> float:
    """Do something in the window with the large raster open; return the most megabytes held."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from segstudio.gui.benchmarks import driving
    from segstudio.gui.benchmarks.samples import Memory

    studio = driving.started()
    memory = Memory()
    try:
        studio.open_project(project)
        widest = max(studio.session.images.values(), key=lambda image: image.width)
        studio.open(widest.name)
        driving.settle(studio)
        do(studio)
        studio.wait_saved(600)
        driving.settle(studio)
        return memory.peak
    finally:
        studio.close()


def by_command(*words: object) -> float:
    """Carry out a command; return the most megabytes held."""
    from segstudio.gui.benchmarks.samples import Memory

    memory = Memory()
    segstudio(*words)
    return memory.peak


def segmenting(*words: str) -> Job:
    return lambda project: by_command("segment", project, large(), *words)


def large() -> Path:
    return Path(os.environ["SEGSTUDIO_RASTER"])


JOBS: dict[str, Job] = {
    "open and paint": paint,
    "threshold": segmenting("--method", "threshold", "--set", "thresholds=600,1500"),
    "otsu": segmenting("--method", "otsu"),
    "k-means": segmenting("--method", "kmeans"),
    "predict": lambda project: by_command("predict", f"{project}:", project, large()),
    "accept": accept,
    "undo and redo": undo,
    "doubt": doubt,
    "predict and accept": lambda project: by_command(
        "predict", f"{project}:", project, large(), "--accept"
    ),
    "predict files with entropy": lambda project: by_command(
        "predict", f"{project}:", large(), "--entropy", "-o", project.parent / "predicted"
    ),
    "export as GeoTIFF": lambda project: by_command(
        "export", project, "--format", "masks", "-o", project.parent / "exported"
    ),
}
"""In an order in which each finds what it needs."""


def measured(name: str, folder: Path) -> dict[str, Any]:
    """Do a job in a process of its own; return its seconds and megabytes."""
    line = [sys.executable, __file__, "--folder", str(folder), "--here", name]
    began = time.monotonic()
    done = subprocess.run(line, capture_output=True, text=True)
    if done.returncode:
        print(done.stderr[-2000:], file=sys.stderr)
        return {"seconds": time.monotonic() - began, "peak": float("inf")}
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def here(name: str, folder: Path) -> None:
    """Do a job in this process; print its seconds and megabytes."""
    began = time.monotonic()
    peak = JOBS[name](folder / PROJECT)
    print(json.dumps({"seconds": time.monotonic() - began, "peak": peak}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("jobs", nargs="*", metavar="JOB", help=", ".join(JOBS))
    parser.add_argument("--size", type=int, default=30_000, help="pixels of a side")
    parser.add_argument("--folder", type=Path, help="where the project is kept")
    parser.add_argument("--here", metavar="JOB", help=argparse.SUPPRESS)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = (given.folder or Path(made)).absolute()
        os.environ.setdefault("SEGSTUDIO_RASTER", str(folder / "large.tif"))
        if given.here:
            here(given.here, folder)
            return
        prepare(folder, given.size)
        missed = False
        for name in given.jobs or JOBS:
            found = measured(name, folder)
            missed |= not found["peak"] <= GOAL
            print(f"{name:28}{found['seconds']:8.1f} s {found['peak']:8.0f} MB", flush=True)
    sys.exit(int(missed))


if __name__ == "__main__":
    main()
