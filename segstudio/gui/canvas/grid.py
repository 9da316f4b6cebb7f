"""Lines between the pixels of the image, where these are large."""

import math

from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from segstudio.domain.geometry import Box
from segstudio.gui.canvas.viewport import Viewport

FROM, FULL = 12.0, 24.0
"""The zoom at which the lines begin to show, and that from which they show fully."""


def strength(zoom: float) -> float:
    """Return how much the grid shows at a zoom, 0…1."""
    return min(max((zoom - FROM) / (FULL - FROM), 0.0), 1.0) * 0.8 + 0.2 if zoom >= FROM else 0.0


def draw_grid(painter: QPainter, view: Viewport, part: Box, ratio: float) -> None:
    """Draw the lines: a dark one beside a bright one, so that they show on any picture."""
    shown = strength(view.zoom)
    if not shown:
        return
    rect = view.rect(part, ratio)
    down = [_even(x * view.zoom + view.origin.x(), ratio) for x in range(part.left, part.right + 1)]
    across = [
        _even(y * view.zoom + view.origin.y(), ratio) for y in range(part.top, part.bottom + 1)
    ]
    for colour, by in ((QColor(0, 0, 0, 110), 0.0), (QColor(255, 255, 255, 70), 1 / ratio)):
        colour.setAlphaF(colour.alphaF() * shown)
        painter.setPen(QPen(colour, 0))
        painter.drawLines(_lines(rect, [x + by for x in down], [y + by for y in across]))


def _lines(rect: QRectF, down: list[float], across: list[float]) -> list[QLineF]:
    return [
        *(QLineF(x, rect.top(), x, rect.bottom()) for x in down),
        *(QLineF(rect.left(), y, rect.right(), y) for y in across),
    ]


def _even(value: float, ratio: float) -> float:
    """Return the middle of the device pixel that begins nearest to a place."""
    return (math.floor(value * ratio + 0.5) + 0.5) / ratio
