"""Correcting a mask: painting only what looks alike, scissors, a list of thousands of objects."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from segstudio.gui.benchmarks import driving
from segstudio.gui.benchmarks.samples import Row, picture, project, until

if TYPE_CHECKING:
    from segstudio.testing import Studio

SIZES = ((4000, 3000, ".jpg"), (12000, 9000, ".png"))
MOVES = 200


def measure(folder: Path) -> Iterator[Row]:
    """Yield the rows of both sizes of picture."""
    for width, height, suffix in SIZES:
        yield from rows_of(folder / suffix[1:], width, height, suffix)


def rows_of(folder: Path, width: int, height: int, suffix: str) -> Iterator[Row]:
    """Yield the rows of one picture."""
    size = f"{width}x{height}"
    studio = driving.started(project(folder, [picture(folder, width, height, suffix)]))
    try:
        yield from _similar(studio, size)
        yield _scissors(studio, size)
        yield from _objects(studio, size)
    finally:
        studio.close()


def _similar(studio: "Studio", size: str) -> Iterator[Row]:
    """Paint only similar pixels, with two brushes, at 100 %."""
    brush = studio.window.canvas.named("brush")
    studio.choose_tool("brush")
    brush.options = replace(brush.options, similar=True, tolerance=30)
    brush.options_changed()
    for diameter in (40, 200):
        row = Row(f"brush to repaint, similar pixels, {diameter} px, {size}", "ms", 4, "p95")
        studio.brush(diameter)
        for turn in range(4):
            studio.window.stage.zoom_full()
            driving.settle(studio)
            studio.move(*driving.way(studio, turn)[0]).wait_idle()
            driving.stroke(studio, diameter, turn, row)
        yield row
    brush.options = replace(brush.options, similar=False)
    brush.options_changed()


def _scissors(studio: "Studio", size: str) -> Row:
    """Move the mouse with a live wire after it; every move with its repaint is a sample."""
    from PySide6.QtCore import QEvent
    from PySide6.QtWidgets import QApplication

    row = Row(f"scissors preview to repaint, {size}", "ms", 16, "p95")
    canvas = studio.window.canvas
    scissors = cast(Any, canvas.named("scissors"))
    studio.choose_tool("scissors")
    studio.window.stage.zoom_full()
    driving.settle(studio)
    middle = canvas.view.to_image(canvas.rect().center().toPointF())
    studio.move(*middle)
    until(lambda: scissors.prepared)
    studio.click(*middle)
    until(lambda: scissors.prepared)
    for point in driving.way(studio, 0)[:MOVES]:
        move = studio.mouse_event(QEvent.Type.MouseMove, point, "")
        with row.timed():
            QApplication.sendEvent(canvas, move)
            QApplication.processEvents()
    canvas.tool.forget()
    studio.choose_tool("brush").wait_idle()
    return row


def _objects(studio: "Studio", size: str) -> Iterator[Row]:
    """List ten thousand objects; change one, and go through the list."""
    from PySide6.QtWidgets import QApplication

    from segstudio.domain.edit import Edit, TileChange
    from segstudio.domain.tiles import Layer
    from segstudio.workflows.benchmarks.builtin.tools import specked

    session, panel = studio.session, studio.window.left.objects
    image = session.image
    assert image is not None
    specks = specked(image.height, image.width)
    changes = [TileChange(image.id, Layer.MASK, key, None, specks.get(key)) for key in specks]
    session.apply(Edit("Specks", tuple(changes)))
    studio.wait_saved()
    first = Row(f"list the objects of a picture, {size}", "s")
    with first.timed(1.0):
        studio.window.left.setCurrentWidget(panel)
        until(lambda: panel.model.rowCount() > 0)
        panel.list.viewport().repaint()
    yield first
    count, rows = f"{panel.model.rowCount():,}", range(3, 10)
    stall = Row(f"longest stall while one of {count} objects is deleted, {size}", "ms", 50, "max")
    gone = Row(f"delete one of {count} objects until the list shows it, {size}", "s", 1.0)
    for row in rows:
        matching = panel.model.matching
        panel.list.setCurrentIndex(panel.model.index(row))
        studio.wait_idle()
        beat = time.perf_counter()
        with gone.timed(1.0):
            panel.delete_chosen()
            while panel.model.matching == matching:
                QApplication.processEvents()
                now = time.perf_counter()
                stall.samples.append((now - beat) * 1000)
                beat = now
        studio.wait_saved().wait_idle()
    yield stall
    yield gone
    scroll = Row(f"scroll step in {count} objects, {size}", "ms", 16, "p95")
    bar = panel.list.verticalScrollBar()
    for _ in range(60):
        with scroll.timed():
            bar.setValue(bar.value() + bar.pageStep())
            panel.list.viewport().repaint()
        QApplication.processEvents()
    yield scroll
    everything = Row(f"delete {count} objects as one edit, {size}", "s")
    panel.list.selectAll()
    with everything.timed(1.0):
        panel.delete_chosen()
        studio.wait_idle().wait_saved()
    yield everything
