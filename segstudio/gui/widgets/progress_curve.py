"""The learning curve of a project: mIoU with its interval over labels or minutes."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from segstudio.gui import theme
from segstudio.gui.widgets.chart import Scale
from segstudio.gui.widgets.curves import CurvesView

BAND = 0.18
"""Opacity of the interval."""


@dataclass(frozen=True)
class Span:
    """Where a figure lies in 95 of 100 cases."""

    x: float
    low: float
    high: float


class ProgressCurve(CurvesView):
    """Curves with a band around some: as wide as the figures are unsure."""

    def __init__(self, prefix: str, parent: QWidget | None = None) -> None:
        super().__init__(prefix, parent)
        self._bands: list[tuple[str, Sequence[Span]]] = []

    def set_bands(self, bands: Sequence[tuple[str, Sequence[Span]]]) -> None:
        """Lay bands under the curves, each with the colour of its curve."""
        self._bands = [(colour, spans) for colour, spans in bands if spans]
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        scale = self.scale()
        if scale is not None and self._bands:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for colour, spans in self._bands:
                _paint_band(painter, scale, QColor(colour), spans)
            painter.end()
        super().paintEvent(event)


def _paint_band(painter: QPainter, scale: Scale, colour: QColor, spans: Sequence[Span]) -> None:
    """Fill between the ends; one alone is drawn as a bar."""
    if len(spans) == 1:
        colour.setAlphaF(2 * BAND)
        painter.setPen(QPen(colour, 6))
        only = spans[0]
        painter.drawLine(scale.point(only.x, only.low), scale.point(only.x, only.high))
        return
    colour.setAlphaF(BAND)
    painter.setPen(QPen(theme.colour("panel", 0), 0))
    painter.setBrush(colour)
    ends: list[QPointF] = [scale.point(span.x, span.high) for span in spans]
    ends += [scale.point(span.x, span.low) for span in reversed(spans)]
    painter.drawPolygon(QPolygonF(ends))
