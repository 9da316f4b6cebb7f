"""Paints lines, axes, labels and figures of a chart."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from segstudio.gui import theme
from segstudio.gui.widgets.axes import ticks, written
from segstudio.gui.widgets.series import Best, Series

END = 12
"""Between the last points and their labels, in px."""
TICKS = 5
BESIDE = 8
"""Between the numbers of the vertical axis and the lines, in px."""


@dataclass(frozen=True)
class Scale:
    """Where values lie in the rectangle of the chart."""

    plot: QRectF
    xs: tuple[float, float]
    ys: tuple[float, float]

    def x(self, value: Any) -> Any:
        """Return the place of a number or of an array of them, in px."""
        low, high = self.xs
        return self.plot.left() + (value - low) / (high - low) * self.plot.width()

    def y(self, value: Any) -> Any:
        low, high = self.ys
        return self.plot.bottom() - (value - low) / (high - low) * self.plot.height()

    def point(self, x: float, y: float) -> QPointF:
        return QPointF(self.x(x), self.y(y))

    def x_value(self, place: float) -> float:
        """Return the value at a place; the reverse of `x`."""
        low, high = self.xs
        return low + (place - self.plot.left()) / self.plot.width() * (high - low)


class Chart:
    """One painting of a chart."""

    def __init__(
        self, painter: QPainter, scale: Scale, drawn: Sequence[Series], width: float
    ) -> None:
        self._painter, self._scale, self._drawn, self._width = painter, scale, drawn, width
        self._metrics = QFontMetricsF(painter.font())

    def paint(self, x_name: str) -> None:
        self._paint_axes(x_name)
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for series in self._drawn:
            self._paint_line(series)
        self._paint_best()
        self._paint_ends()

    def _paint_axes(self, x_name: str) -> None:
        painter, scale, plot = self._painter, self._scale, self._scale.plot
        height = self._metrics.height()
        aligned = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for mark in ticks(*scale.ys, TICKS if plot.height() > 90 else 3):
            y = round(scale.y(mark)) + 0.5
            painter.setPen(QPen(theme.colour("line"), 1))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            painter.setPen(theme.colour("text_dim"))
            box = QRectF(0, y - height / 2, plot.left() - BESIDE, height)
            painter.drawText(box, int(aligned), written(mark))
        most = max(2, int(plot.width() // 72))
        marks = [mark for mark in ticks(*scale.xs, most) if mark.is_integer()]
        for mark in marks:
            unit = f" {x_name}{'s' * (mark != 1)}" if mark == marks[-1] else ""
            text = written(mark) + unit
            width = self._metrics.horizontalAdvance(text)
            left = min(scale.x(mark) - self._metrics.horizontalAdvance(written(mark)) / 2,
                       self._width - width)  # fmt: skip
            painter.drawText(QPointF(left, plot.bottom() + 6 + self._metrics.ascent()), text)

    def _paint_line(self, series: Series) -> None:
        xs, ys = series.thinned(int(self._scale.plot.width() / 2))
        places = zip(self._scale.x(xs).tolist(), self._scale.y(ys).tolist(), strict=True)
        points = [QPointF(x, y) for x, y in places]
        pen = QPen(QColor(_ink(series)), 1.5)
        pen.setCapStyle(Qt.PenCapStyle.SquareCap)
        self._painter.setPen(pen)
        if len(points) == 1:
            self._painter.drawPoint(points[0])
        # One polyline wider than 1 px takes Qt 240 ms for 2000 points of noise; its parts 2 ms.
        self._painter.drawLines([QLineF(one, next) for one, next in pairwise(points)])

    def _paint_best(self) -> None:
        """Ring the best point of a line; its figure stands beside it unless it is the last."""
        for series in self._drawn:
            best = series.best_index()
            if best is None:
                continue
            point = self._scale.point(series.xs[best], series.ys[best])
            self._painter.setPen(QPen(QColor(_ink(series)), 1.5))
            self._painter.setBrush(theme.colour("panel"))
            self._painter.drawEllipse(point, 3.5, 3.5)
            if best < len(series) - 1:
                self._write_best(point, f"best {figure(float(series.ys[best]))}", series.best)

    def _write_best(self, point: QPointF, text: str, best: Best | None) -> None:
        """Write the figure of a best point where the line does not run: above a maximum."""
        plot, metrics = self._scale.plot, self._metrics
        width, height = metrics.horizontalAdvance(text), metrics.height()
        above, below = point.y() - 6 - height, point.y() + 6
        if best == "max":
            top = above if above >= 0 else below
        else:
            top = below if below + height <= plot.bottom() else above
        left = min(max(point.x() - width / 2, plot.left()), plot.right() - width)
        box = QRectF(left, top, width, height)
        self._painter.fillRect(box, theme.colour("panel", 0.75))
        self._painter.setPen(theme.colour("text"))
        self._painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_ends(self) -> None:
        drawn = self._drawn
        wanted = [self._scale.y(float(series.ys[-1])) for series in drawn]
        left = self._scale.plot.right() + END
        room = self._width - left
        bounds = (self._scale.plot.top() - 4, self._scale.plot.bottom() + 4)
        for series, y in zip(drawn, spread(wanted, self._metrics.height(), *bounds), strict=True):
            end = self._scale.point(series.xs[-1], series.ys[-1])
            self._painter.setPen(Qt.PenStyle.NoPen)
            self._painter.setBrush(QColor(_ink(series)))
            if series.best_index() != len(series) - 1:
                self._painter.drawEllipse(end, 2, 2)
            self._painter.setPen(QColor(theme.readable(series.colour, theme.current().panel)))
            base = y + (self._metrics.ascent() - self._metrics.descent()) / 2
            self._painter.drawText(QPointF(left, base), end_text(series, self._metrics, room))

    def paint_hover(self, place: float, x_name: str) -> None:
        """Show the exact figures of the points nearest to the mouse."""
        if not self._scale.plot.left() - 4 <= place <= self._scale.plot.right() + 4:
            return
        drawn = self._drawn
        asked = self._scale.x_value(place)
        near = min((float(s.xs[s.nearest(asked)]) for s in drawn), key=lambda x: abs(x - asked))
        x = self._scale.x(near)
        self._painter.setPen(QPen(theme.colour("outline"), 1))
        plot = self._scale.plot
        self._painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
        rows = [(f"{x_name} {near:g}", theme.current().text)]
        for series in drawn:
            index = series.nearest(near)
            y = float(series.ys[index])
            rows.append((f"{series.name} {y:.4f}", series.colour))
            self._painter.setPen(QPen(theme.colour("panel"), 1))
            self._painter.setBrush(QColor(_ink(series)))
            self._painter.drawEllipse(self._scale.point(series.xs[index], y), 3.5, 3.5)
        self._paint_rows(x, rows)

    def _paint_rows(self, x: float, rows: list[tuple[str, str]]) -> None:
        width = max(self._metrics.horizontalAdvance(text) for text, _ in rows) + 16
        height = self._metrics.height() * len(rows) + 8
        left = x + 8 if x + 8 + width < self._width else x - 8 - width
        box = QRectF(left, self._scale.plot.top(), width, height)
        self._painter.setPen(QPen(theme.colour("outline"), 1))
        self._painter.setBrush(theme.colour("tooltip"))
        self._painter.drawRoundedRect(box, 4, 4)
        for row, (text, ink) in enumerate(rows):
            self._painter.setPen(QColor(theme.readable(ink, theme.current().tooltip)))
            base = box.top() + 4 + row * self._metrics.height() + self._metrics.ascent()
            self._painter.drawText(QPointF(box.left() + 8, base), text)


def _ink(series: Series) -> str:
    """Return the colour of a line, moved until it is seen on the panel."""
    return theme.readable(series.colour, theme.current().panel, 3.0)


def end_text(series: Series, metrics: QFontMetricsF, room: float) -> str:
    """Return what stands at the end of a line: its name, cut short to fit, and its last figure."""
    last = f" {figure(float(series.ys[-1]))}"
    left = room - metrics.horizontalAdvance(last)
    return metrics.elidedText(series.name, Qt.TextElideMode.ElideRight, left) + last


def figure(number: float) -> str:
    """Return a number in at most three digits after the point, fewer where it is large."""
    size = abs(number)
    if size >= 100:
        return f"{number:.0f}"
    if size >= 0.001:
        return f"{number:.2f}" if size >= 0.1 else f"{number:.3f}"
    return f"{number:.3g}"


def spread(wanted: Sequence[float], apart: float, low: float, high: float) -> list[float]:
    """Return places as near as possible to the wanted ones and at least ``apart``."""
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    places = [0.0] * len(wanted)
    last = low - apart
    for index in order:
        last = places[index] = max(wanted[index], last + apart)
    last = high + apart
    for index in reversed(order):
        last = places[index] = min(places[index], last - apart)
    return places
