"""The learning curve of a project: mIoU with its interval over labels or minutes."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from segstudio.gui import theme
from segstudio.gui.widgets.axes import rounded_range
from segstudio.gui.widgets.chart import TICKS, Scale
from segstudio.gui.widgets.curves import CurvesView

BAND = 0.18
"""Opacity of the interval."""

WHISKER, FOOT = 0.5, 3.0
"""Opacity of a whisker, and how far its ends reach to the sides, in px."""


@dataclass(frozen=True)
class Span:
    """Where a figure lies in 95 of 100 cases."""

    x: float
    low: float
    high: float


class ProgressCurve(CurvesView):
    """Curves with a band around some: as wide as the figures are unsure.

    Figures that are very unsure have whiskers instead: bands would cover all else.
    """

    def __init__(self, prefix: str, parent: QWidget | None = None) -> None:
        super().__init__(prefix, parent)
        self._bands: list[tuple[str, Sequence[Span]]] = []
        self._whiskers: list[tuple[str, Sequence[Span]]] = []

    def set_spans(
        self,
        bands: Sequence[tuple[str, Sequence[Span]]] = (),
        whiskers: Sequence[tuple[str, Sequence[Span]]] = (),
    ) -> None:
        """Lay bands or whiskers under the curves, each with the colour of its curve."""
        self._bands = [(colour, spans) for colour, spans in bands if spans]
        self._whiskers = [(colour, spans) for colour, spans in whiskers if spans]
        self.update()

    def _ranges(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Make room for the intervals too."""
        across, (low, high) = super()._ranges()
        spans = [span for _, some in (*self._bands, *self._whiskers) for span in some]
        low, high = min([low, *(s.low for s in spans)]), max([high, *(s.high for s in spans)])
        return across, self._fixed or rounded_range(max(low, 0), min(high, 1), TICKS)

    def paintEvent(self, event: QPaintEvent) -> None:
        scale = self.scale()
        if scale is not None:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for colour, spans in self._bands:
                _paint_band(painter, scale, QColor(colour), spans)
            for colour, spans in self._whiskers:
                _paint_whiskers(painter, scale, QColor(colour), spans)
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


def _paint_whiskers(painter: QPainter, scale: Scale, colour: QColor, spans: Sequence[Span]) -> None:
    colour.setAlphaF(WHISKER)
    painter.setPen(QPen(colour, 1))
    aside = QPointF(FOOT, 0)
    for span in spans:
        low, high = scale.point(span.x, span.low), scale.point(span.x, span.high)
        painter.drawLine(low, high)
        for end in (low, high):
            painter.drawLine(end - aside, end + aside)
