"""Brush, saving, undo, zoom, memory."""

import math
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from segstudio.gui.benchmarks.samples import Row, picture

if TYPE_CHECKING:
    from segstudio.testing import Studio

SIZES = ((4000, 3000, ".jpg"), (12000, 9000, ".png"))

EVENTS = 200
"""Mouse events of a stroke."""

Point = tuple[float, float]


def measure(folder: Path) -> Iterator[Row]:
    """Yield the rows of both sizes of picture."""
    for width, height, suffix in SIZES:
        yield from _measure(folder / suffix[1:], width, height, suffix)


def started(folder: Path, width: int, height: int, suffix: str) -> "Studio":
    """Return the window on a project of one picture of that size, at 1440 × 900."""
    from segstudio.testing import Studio, sample_project

    picture(folder / "source", width, height, suffix)
    studio = Studio(sample_project(folder, folder / "source"))
    studio.window.resize(1440, 900)
    studio.wait_idle().choose_class("sign")
    settle(studio)
    return studio


def settle(studio: "Studio") -> None:
    """Wait until every tile in sight is drawn."""
    from segstudio.gui.benchmarks.samples import until

    canvas = studio.window.canvas
    canvas.repaint()
    until(lambda: canvas.pixels.complete)
    canvas.repaint()


def _measure(folder: Path, width: int, height: int, suffix: str) -> Iterator[Row]:
    size = f"{width}x{height}"
    studio = started(folder, width, height, suffix)
    try:
        yield _memory(studio, size)
        saved = Row(f"release to saved, {size}", "ms", 100, "p95")
        for diameter in (40, 200):
            row = Row(f"brush to repaint, {diameter} px, {size}", "ms", 4, "p95")
            for turn in range(6):
                if turn % 2:
                    studio.window.stage.zoom_full()
                else:
                    studio.window.stage.fit()
                settle(studio)
                stroke(studio, diameter, turn, row, saved)
            yield row
        yield saved
        yield _undo(studio, size)
        yield from _zoom(studio, size)
    finally:
        studio.close()


def way(studio: "Studio", turn: int, events: int = EVENTS) -> list[Point]:
    """Return the points of a stroke that winds over the middle of the view."""
    canvas = studio.window.canvas
    middle = canvas.view.to_image(canvas.rect().center().toPointF())
    reach = min(canvas.width(), canvas.height()) * 0.35 / canvas.view.zoom
    points = []
    for n in range(events):
        angle = turn + 2 * math.pi * n / events
        far = reach * (0.6 + 0.4 * math.sin(3 * angle))
        points.append((middle[0] + far * math.cos(angle), middle[1] + far * math.sin(angle)))
    return points


def stroke(studio: "Studio", diameter: int, turn: int, row: Row, saved: Row | None = None) -> None:
    """Paint a stroke; every move with its repaint is a sample."""
    from PySide6.QtCore import QEvent
    from PySide6.QtWidgets import QApplication

    canvas = studio.brush(diameter).window.canvas
    points = way(studio, turn)
    QApplication.sendEvent(canvas, studio.mouse_event(QEvent.Type.MouseButtonPress, points[0]))
    QApplication.processEvents()
    for point in points[1:]:
        move = studio.mouse_event(QEvent.Type.MouseMove, point)
        with row.timed():
            QApplication.sendEvent(canvas, move)
            QApplication.processEvents()
    release = studio.mouse_event(QEvent.Type.MouseButtonRelease, points[-1])
    with (saved or Row("", "ms", 0)).timed():
        QApplication.sendEvent(canvas, release)
        studio.wait_saved()


def _undo(studio: "Studio", size: str) -> Row:
    row = Row(f"undo of a stroke of {EVENTS} events, {size}", "ms", 20)
    studio.window.stage.zoom_full()
    settle(studio)
    for turn in range(7):
        stroke(studio, 40, turn, Row("", "ms", 0))
        with row.timed():
            studio.session.undo()
            studio.window.canvas.repaint()
        studio.wait_saved()
    return row


def _zoom(studio: "Studio", size: str) -> Iterator[Row]:
    from PySide6.QtCore import QPointF

    canvas = studio.window.canvas
    zoom = Row(f"zoom step, {size}", "ms", 16, "p95")
    studio.window.stage.fit()
    for n in range(60):
        settle(studio)
        with zoom.timed():
            canvas.view.zoom_at(QPointF(400, 300), 1.2 if n % 20 < 10 else 1 / 1.2)
            canvas.changed_view()
            canvas.repaint()
    yield zoom
    pan = Row(f"pan step, {size}", "ms", 16, "p95")
    for n in range(60):
        settle(studio)
        with pan.timed():
            canvas.view.pan(QPointF(17 if n % 20 < 10 else -17, 9))
            canvas.changed_view()
            canvas.repaint()
    yield pan


def _memory(studio: "Studio", size: str) -> Row:
    row = Row(f"memory of 100 strokes, {size}", "MB", 64)
    studio.window.stage.zoom_full()
    settle(studio)
    before = resident()
    for turn in range(100):
        stroke(studio, 40, turn, Row("", "ms", 0))
    row.samples.append((resident() - before) / 1e6)
    return row


def resident() -> int:
    """Return the bytes of memory that this process holds."""
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
