"""The parts of the canvas that each show the picture, with the same zoom and place."""

from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QPainter

from segstudio.domain.geometry import Box
from segstudio.gui.canvas.viewport import Viewport


class Layers(Protocol):
    """What is drawn over the picture in one part of the canvas."""

    def draw(self, painter: QPainter, view: Viewport, part: Box, ratio: float) -> None: ...


@dataclass(frozen=True)
class Pane:
    """A part of the canvas: where it is, and how far right of the view's own place.

    Places *in the view* are those of the first pane; ``shift`` away they are in this one.
    """

    area: QRect
    shift: int
    over: Layers

    @property
    def shown(self) -> QRect:
        """Return what the pane shows of the view."""
        return self.area.translated(-self.shift, 0)


def half(width: int) -> int:
    """Return where the second of two panes begins: on a whole pixel of scaled screens too."""
    return max(width // 2 // 4 * 4, 4)


def pane_at(panes: list[Pane], point: QPointF) -> Pane:
    """Return the pane that a point of the canvas lies in, or the nearest."""
    return next((p for p in panes if point.x() < p.area.right() + 1), panes[-1])
