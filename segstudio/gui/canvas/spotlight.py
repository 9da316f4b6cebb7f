"""The region that is to be labelled: the rest of the picture is dimmed, what is left is hatched."""

import numpy as np
from PySide6.QtCore import QObject, QPointF, QRectF, Signal
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.tiles import Ids, Layer, keys_of, tile_box
from segstudio.gui import theme
from segstudio.gui.canvas.colours import Colours, argb
from segstudio.gui.canvas.hatch import Hatch
from segstudio.gui.canvas.viewport import Viewport
from segstudio.gui.session import Session

DIMMED = 0.66
"""How much of the picture outside the region the canvas covers."""

LEFT = 0.28
"""Opacity of the hatching over what is not labelled yet."""

LARGEST = 1 << 20
"""Pixels of a region up to which what is left is hatched: it is read in every painting."""


class Spotlight(QObject):
    """Shows one box of the open picture; None shows all of it as it is."""

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.box: Box | None = None
        self._hatch = Hatch()

    def show(self, box: Box | None) -> None:
        if box != self.box:
            self.box = box
            self.changed.emit()

    def draw(self, painter: QPainter, view: Viewport, ratio: float) -> None:
        """Dim what lies outside the box, hatch what is not labelled in it, and outline it."""
        if self.box is None:
            return
        inside = view.rect(self.box, ratio)
        if self.box.area <= LARGEST:
            self._draw_left(painter, view, inside, ratio)
        around = QPainterPath()
        around.addRect(view.rect(view.image, ratio))
        hole = QPainterPath()
        hole.addRect(inside)
        painter.fillPath(around.subtracted(hole), theme.colour("canvas", DIMMED))
        painter.setBrush(QColor(0, 0, 0, 0))
        painter.setPen(QPen(QColor(0, 0, 0, 120), 3))
        painter.drawRect(inside)
        painter.setPen(QPen(theme.colour("accent"), 1.5))
        painter.drawRect(inside)

    def _draw_left(self, painter: QPainter, view: Viewport, inside: QRectF, ratio: float) -> None:
        ids = self._ids()
        if not (ids == UNLABELLED).any():
            return
        left = np.where(ids == UNLABELLED, np.uint8(0), np.uint8(UNLABELLED))
        self._hatch.draw(
            painter, left, inside, QPointF(view.rect(view.image).topLeft()), ratio, _colours()
        )

    def _ids(self) -> Ids:
        """Return what is labelled in the box, a stroke in progress included."""
        assert self.box is not None
        ids = np.full(self.box.shape, UNLABELLED, np.uint8)
        for key in keys_of(self.box):
            tile = self._session.tile(Layer.MASK, key)
            if tile is not None:
                whole = tile_box(key)
                part = whole.clipped(self.box)
                ids[part.within(self.box)] = tile[part.within(whole)]
        return ids


def _colours() -> Colours:
    """Return the look of id 0 as thin lines in the accent colour."""
    made = Colours()
    accent = QColor(theme.current().accent)
    made.ink[0] = argb((accent.red(), accent.green(), accent.blue()), LEFT)
    made.kinds[0] = 1
    return made
