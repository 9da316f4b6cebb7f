"""What a person does at the canvas, and how long each step of it takes."""

import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from segstudio.gui.benchmarks.samples import Memory, Row, until

if TYPE_CHECKING:
    from segstudio.testing import Studio

EVENTS = 200
"""Mouse events of a stroke."""

MANY = 100
"""Strokes whose memory is measured."""

Point = tuple[float, float]


def started(project: Path | None = None) -> "Studio":
    """Return the window at 1440 × 900, with a project and its first picture drawn."""
    from segstudio.testing import Studio

    studio = Studio()
    studio.window.resize(1440, 900)
    if project is not None:
        opened(studio, project)
    return studio


def opened(studio: "Studio", project: Path) -> None:
    """Open a project; wait until its first picture is drawn."""
    studio.open_project(project)
    studio.choose_class("sign")
    settle(studio)


def settle(studio: "Studio") -> None:
    """Wait until every tile in sight is drawn."""
    canvas = studio.window.canvas
    canvas.repaint()
    until(lambda: canvas.pixels.complete)
    canvas.repaint()


def first_paint(studio: "Studio", image: int, row: Row, away: Callable[[], object]) -> None:
    """Go away from a picture and open it again, several times; each first paint is a sample."""
    canvas, session = studio.window.canvas, studio.session
    for _ in range(7):
        away()
        studio.wait_idle()
        with row.timed():
            session.open_image(image)
            until(
                lambda: (
                    session.image is not None
                    and session.image.id == image
                    and canvas.pixels.anything
                )
            )
            canvas.repaint()
        studio.wait_idle()


def painting(studio: "Studio", size: str) -> Iterator[Row]:
    """Paint with two brushes, at 100 % and over the whole picture; yield the rows of it."""
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


def way(studio: "Studio", turn: int) -> list[Point]:
    """Return the points of a stroke that winds over the middle of the view."""
    canvas = studio.window.canvas
    middle = canvas.view.to_image(canvas.rect().center().toPointF())
    reach = min(canvas.width(), canvas.height()) * 0.35 / canvas.view.zoom
    points = []
    for n in range(EVENTS):
        angle = turn + 2 * math.pi * n / EVENTS
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
    with (saved or Row("", "ms")).timed():
        QApplication.sendEvent(canvas, release)
        studio.wait_saved()


def _undo(studio: "Studio", size: str) -> Row:
    row = Row(f"undo of a stroke of {EVENTS} events, {size}", "ms", 20)
    studio.window.stage.zoom_full()
    settle(studio)
    for turn in range(7):
        stroke(studio, 40, turn, Row("", "ms"))
        with row.timed():
            studio.session.undo()
            studio.window.canvas.repaint()
        studio.wait_saved()
    return row


def looking(studio: "Studio", size: str) -> Iterator[Row]:
    """Zoom and pan step by step, with everything in sight there before; yield the rows."""
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


def strokes_held(studio: "Studio", size: str) -> Row:
    """Paint very many strokes; return the row of what they take."""
    row = Row(f"memory of {MANY} strokes, {size}", "MB", 64)
    studio.window.stage.zoom_full()
    settle(studio)
    memory = Memory()
    for turn in range(MANY):
        stroke(studio, 40, turn, Row("", "ms"))
    row.samples.append(memory.more)
    return row
