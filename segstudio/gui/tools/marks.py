"""How tools draw what a person has marked: lines, boxes, clicks and a note."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from segstudio.domain.stroke import Point
from segstudio.gui import theme
from segstudio.gui.canvas.viewport import Viewport
from segstudio.gui.session import Session

CASING = QColor(0, 0, 0, 170)
CLICK = 7.0
"""Radius of the mark of a click, in px."""


def class_colour(session: Session) -> QColor:
    """Return the colour of the class that is painted; white where there is none."""
    label = session.class_of(session.view.active_class)
    return QColor(*label.colour) if label else QColor("white")


def in_view(points: Sequence[Point], view: Viewport) -> QPolygonF:
    """Return points of the image where they are seen; those on the way straight on are left out."""
    places = np.array(points, np.float64).reshape(-1, 2)
    if len(places) > 2:
        steps = np.diff(places, axis=0)
        turns = (np.abs(np.diff(steps, axis=0)) > 1e-9).any(1)
        places = places[np.concatenate([[True], turns, [True]])]
    seen = places * view.zoom + (view.origin.x(), view.origin.y())
    return QPolygonF([QPointF(x, y) for x, y in seen.tolist()])


def draw_way(
    painter: QPainter, way: QPolygonF, colour: QColor, width: float = 1.5, dashed: bool = False
) -> None:
    """Draw a line that is seen on any ground."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for ink, wide in ((CASING, width + 2.5), (colour, width)):
        pen = QPen(ink, wide)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        if dashed and ink is colour:
            pen.setDashPattern([4 / max(width / 1.5, 1), 4])
        painter.setPen(pen)
        if way.size() > 1:
            painter.drawPolyline(way)
        elif way.size():
            painter.drawPoint(way.at(0))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def draw_frame(painter: QPainter, rect: QRectF, colour: QColor) -> None:
    """Draw a dashed box."""
    corners = [rect.topLeft(), rect.topRight(), rect.bottomRight(), rect.bottomLeft()]
    draw_way(painter, QPolygonF([*corners, corners[0]]), colour, dashed=True)


def draw_click(painter: QPainter, at: QPointF, good: bool, colour: QColor) -> None:
    """Draw a click: a plus in the colour of the class, or a minus on white."""
    ground = colour if good else QColor("white")
    ink = QColor(theme.ink_on(ground.name()))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(CASING, 1.5))
    painter.setBrush(ground)
    painter.drawEllipse(at, CLICK, CLICK)
    painter.setPen(QPen(ink, 1.75))
    across, down = QPointF(CLICK / 2, 0), QPointF(0, CLICK / 2)
    painter.drawLine(at - across, at + across)
    if good:
        painter.drawLine(at - down, at + down)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def draw_note(painter: QPainter, text: str, view: Viewport) -> None:
    """Draw a short line of text at the lower left of the view."""
    draw_label(painter, text, QPointF(0, view.size.height()), view, theme.ui_font(), theme.GROUP)


def draw_label(
    painter: QPainter, text: str, at: QPointF, view: Viewport, font: QFont, margin: int
) -> None:
    """Draw a line of text with its upper left corner at a place, but wholly inside the view."""
    metrics = QFontMetricsF(font)
    wide, high = metrics.horizontalAdvance(text) + 2 * theme.GAP, metrics.height() + theme.GAP
    left = min(max(at.x(), margin), view.size.width() - wide - margin)
    top = min(max(at.y(), margin), view.size.height() - high - margin)
    place = QRectF(left, top, wide, high)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.colour("outline"), 1))
    painter.setBrush(theme.colour("panel", 0.94))
    painter.drawRoundedRect(place, theme.RADIUS, theme.RADIUS)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setFont(font)
    painter.setPen(theme.colour("text"))
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
