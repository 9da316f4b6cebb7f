"""Shapes as they are drawn over the picture, and as the pixels they mean."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPainterPathStroker, QPen, QTransform

from segstudio.domain.geometry import Box
from segstudio.domain.stroke import Point, snapped
from segstudio.domain.task import Task
from segstudio.gui.canvas.viewport import Viewport
from segstudio.interactive import shapes
from segstudio.interactive.patch import Patch

FILL = 0.5
EXACT = 200_000
"""Up to so many pixels in sight a shape is shown pixel by pixel, larger ones as lines."""


@dataclass(frozen=True, eq=False)
class Outline:
    """A shape: its line in image pixels, and what draws it within a box."""

    path: QPainterPath
    draw: Callable[[Box], Patch]

    @property
    def box(self) -> Box:
        """The pixels around it."""
        area = self.path.boundingRect().toAlignedRect()
        return Box(area.top(), area.left(), area.bottom() + 1, area.right() + 1).grown(1)

    def seen(self, sight: Box) -> list[Patch]:
        """Return its pixels in sight, where they are few enough to be shown at every move."""
        part = self.box.clipped(sight)
        if not part or part.area > EXACT:
            return []
        patch = self.draw(part)
        return [patch] if patch else []

    def patches(self, image: Box, task: Task) -> Iterator[Patch]:
        """Yield its pixels, piece by piece."""
        part = self.box.clipped(image)
        total = max(part.area, 1)
        done = 0
        for box in part.tiles(shapes.PIECE):
            task.report(done, total, "Drawing")
            patch = self.draw(box)
            if patch:
                yield patch
            done += box.area

    def show(self, painter: QPainter, view: Viewport, colour: QColor, filled: bool) -> None:
        """Draw its line over the picture, and its inside where no pixels are shown."""
        there = QTransform(view.zoom, 0, 0, view.zoom, view.origin.x(), view.origin.y())
        path = there.map(self.path)
        if filled:
            inside = QColor(colour)
            inside.setAlphaF(FILL)
            painter.fillPath(path, inside)
        draw_line(painter, path, colour)


def draw_line(painter: QPainter, path: QPainterPath, colour: QColor) -> None:
    """Draw a thin line that stands out from any picture."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for ink, width in ((QColor(0, 0, 0, 150), 3.0), (colour, 1.25)):
        painter.setPen(QPen(ink, width))
        painter.drawPath(path)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _between(a: Point, b: Point) -> QRectF:
    return QRectF(QPointF(*a), QPointF(*b)).normalized()


def rectangle(a: Point, b: Point) -> Outline:
    """Return a rectangle between two corners."""
    path = QPainterPath()
    path.addRect(_between(a, b))
    return Outline(path, lambda box: shapes.rectangle(a, b, box))


def ellipse(a: Point, b: Point) -> Outline:
    """Return the ellipse that fills the rectangle between two corners."""
    path = QPainterPath()
    path.addEllipse(_between(a, b))
    return Outline(path, lambda box: shapes.ellipse(a, b, box))


def line(a: Point, b: Point, width: int) -> Outline:
    """Return a straight line with round ends."""
    start, end = snapped(a, width), snapped(b, width)
    path = QPainterPath()
    if start == end:
        path.addEllipse(QPointF(*start), width / 2, width / 2)
    else:
        path.moveTo(*start)
        path.lineTo(*end)
        stroker = QPainterPathStroker(QPen(Qt.PenStyle.SolidLine))
        stroker.setWidth(width)
        stroker.setCapStyle(Qt.PenCapStyle.RoundCap)
        stroker.setCurveThreshold(0.02)
        path = stroker.createStroke(path)
    return Outline(path, lambda box: shapes.line(a, b, width, box))


def polygon(points: Sequence[Point], closed: bool = True) -> Outline:
    """Return a polygon by the even-odd rule; open, its last side is not drawn."""
    corners = tuple(points)
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.OddEvenFill)
    path.moveTo(*corners[0])
    for corner in corners[1:]:
        path.lineTo(*corner)
    if closed:
        path.closeSubpath()
    return Outline(path, lambda box: shapes.polygon(corners, box))
