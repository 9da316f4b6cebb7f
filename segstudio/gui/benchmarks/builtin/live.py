"""Pixel classifiers that learn while strokes are painted, and previews that follow sliders."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from segstudio.gui.benchmarks import driving
from segstudio.gui.benchmarks.samples import CLASSES, Memory, Row, picture, project, until

if TYPE_CHECKING:
    from segstudio.testing import Studio

CANVAS = (1920, 1080)
"""What is in sight, in px."""

STROKES = 7


def measure(folder: Path) -> Iterator[Row]:
    """Yield the rows of a picture of 4000 × 3000 pixels."""
    yield from rows_of(folder, 4000, 3000)


def rows_of(folder: Path, width: int, height: int) -> Iterator[Row]:
    """Yield the rows of a picture of that size."""
    size = f"{width}x{height}"
    made = project(folder, [picture(folder, width, height, ".jpg")])
    studio = driving.started()
    try:
        driving.opened(studio, made)
        widen(studio)
        yield from _sliders(studio, size)
        memory = Memory()
        yield from _forest(studio, size)
        yield Row(f"memory of the live forest, {size}", "MB", 1500, samples=[memory.peak])
    finally:
        studio.close()


def widen(studio: "Studio") -> None:
    """Make the window so large that the canvas is of the size that is asked for."""
    window, canvas = studio.window, studio.window.canvas
    for _ in range(2):
        window.resize(
            window.width() + CANVAS[0] - canvas.width(),
            window.height() + CANVAS[1] - canvas.height(),
        )
        studio.wait_idle()


def _sliders(studio: "Studio", size: str) -> Iterator[Row]:
    """Move a slider of each kind of method; until the canvas shows what comes is a sample."""
    from segstudio.methods.segmenter import segmenters

    proposing, canvas = studio.window.proposing, studio.window.canvas
    for title, name, field, values, goal in (
        ("threshold", "threshold", "thresholds", [(90.0 + n,) for n in range(8)], 50),
        ("k-means", "kmeans", "clusters", [3, 4, 5, 6, 7, 8, 9, 10], 300),
    ):
        row = Row(f"preview of a slider move, {title}, {size}", "ms", goal)
        proposing.set_method(name)
        studio.wait_idle()
        for value in values:
            with row.timed():
                proposing.set_settings(segmenters[name](**{field: value}))
                _until_shown(studio)
                canvas.repaint()
            studio.wait_idle()
        yield row
        proposing.discard()


def _until_shown(studio: "Studio") -> None:
    heard: list[bool] = []
    proposing = studio.window.proposing
    proposing.previewed.connect(lambda: heard.append(True))
    until(lambda: bool(heard) and proposing.regions is not None)


def _forest(studio: "Studio", size: str) -> Iterator[Row]:
    """Paint strokes; the view is the same, but what it learns changes each time."""
    proposing = studio.window.proposing
    studio.window.stage.zoom_full()
    driving.settle(studio)
    proposing.set_method("pixel_forest")
    studio.wait_idle()
    for turn in range(len(CLASSES)):
        _stroke(studio, turn, 120 - 40 * turn)  # each over the middle of the last
    studio.wait_idle(600)
    half = Row(f"forest after a stroke, half of 1920x1080, {size}", "s", 1.0)
    full = Row(f"forest after a stroke, all of 1920x1080, {size}", "s", 5.0)
    again = Row(f"forest after a stroke elsewhere, half of 1920x1080, {size}", "s", 1.0)
    for turn in range(STROKES):
        _stroke(studio, turn, 20 + 5 * turn)
        _pieces(studio, half, full)
    canvas = studio.window.canvas
    for turn in range(STROKES):
        share = 0.3 + 0.4 * turn / STROKES
        canvas.view.centre_on((share * canvas.view.image.width, share * canvas.view.image.height))
        canvas.changed_view()
        _stroke(studio, turn, 30)
        _pieces(studio, again, Row("", "s"))
    yield from (half, full, again)
    yield from _painting(studio, size)
    whole = Row(f"forest, the whole picture, {size}", "s", 40)
    with whole.timed(1.0):
        job = proposing.propose()
        assert job is not None
        studio.wait_idle(600)
    yield whole


def _stroke(studio: "Studio", turn: int, diameter: int, row: Row | None = None) -> None:
    """Paint with one class after the other: a stroke over one of the same class is none."""
    studio.choose_class(CLASSES[turn % len(CLASSES)])
    driving.stroke(studio, diameter, turn, row or Row("", "ms"))


def _pieces(studio: "Studio", half: Row, full: Row) -> None:
    """Take the time from now on until the first two pieces of a preview are on the screen."""
    proposing, canvas = studio.window.proposing, studio.window.canvas
    began, shown = time.perf_counter(), []

    def take() -> None:
        canvas.repaint()
        shown.append(time.perf_counter() - began)

    proposing.previewed.connect(take)
    until(lambda: len(shown) >= 2)
    proposing.previewed.disconnect(take)
    half.samples.append(shown[0])
    full.samples.append(shown[1])
    studio.wait_idle(600)


def _painting(studio: "Studio", size: str) -> Iterator[Row]:
    """Paint on while the forest works; every move with its repaint is a sample."""
    from PySide6.QtWidgets import QApplication

    row = Row(f"brush to repaint while a forest works, 40 px, {size}", "ms", 16, "p95")
    stall = Row(f"longest stall while a forest works, {size}", "ms", statistic="max")
    for turn in range(STROKES):
        _stroke(studio, turn, 40, row)
        beat, end = time.perf_counter(), time.perf_counter() + 0.6
        while beat < end:
            QApplication.processEvents()
            now = time.perf_counter()
            stall.samples.append((now - beat) * 1000)
            beat = now
    studio.wait_idle(600)
    yield row
    yield stall
