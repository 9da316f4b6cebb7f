"""The window as the person left it: its place, its columns, the brush, how masks are shown."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QByteArray, QSettings

if TYPE_CHECKING:
    from segstudio.gui.main_window import MainWindow

GROUP = "window"

T = TypeVar("T")


def remember(window: "MainWindow") -> None:
    """Keep how the window looks for the next start of the program."""
    kept, view = _kept(), window.session.view
    kept.setValue("geometry", window.saveGeometry())
    kept.setValue("columns", [str(size) for size in window.docks.sizes])
    kept.setValue("brush", view.brush)
    kept.setValue("opacity", view.opacity)
    kept.setValue("outlines", view.outlines)
    kept.setValue("hatch", view.hatch)


def restore(window: "MainWindow") -> None:
    """Let a window look as the last one did; what was not kept, or makes no sense, stays."""
    kept, view = _kept(), window.session.view
    geometry = kept.value("geometry")
    if isinstance(geometry, QByteArray):
        window.restoreGeometry(geometry)
    columns = _read(kept, "columns", lambda found: [int(size) for size in found])
    if columns is not None and len(columns) == len(window.docks.sizes) and min(columns) > 0:
        window.docks.sizes = columns
    brush = _read(kept, "brush", int)
    if brush is not None:
        view.set_brush(brush)
    opacity = _read(kept, "opacity", float)
    if opacity is not None and 0 <= opacity <= 1:
        view.set_overlay(opacity=opacity)
    view.set_overlay(
        outlines=kept.value("outlines") in (True, "true"),
        hatch=kept.value("hatch") in (True, "true"),
    )


def _kept() -> QSettings:
    kept = QSettings("segstudio", "segstudio")
    kept.beginGroup(GROUP)
    return kept


def _read(kept: QSettings, name: str, read: Callable[[Any], T]) -> T | None:
    try:
        return read(kept.value(name))
    except (TypeError, ValueError):
        return None
