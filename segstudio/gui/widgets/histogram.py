"""The histogram of an image with thresholds to drag."""

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QWidget

from segstudio.domain.classes import Colour
from segstudio.gui import theme
from segstudio.gui.widgets.handled_chart import KNOB, HandledChart
from segstudio.gui.widgets.histogram_shape import Scaling, outline

_SIDE = 8
_TOP = 4
_BOTTOM = 24
_REACH = 7
"""How near to a handle the mouse takes it, in px."""
_OUT = 24
"""How far outside a handle is dragged to remove it, in px."""

TIP = "Drag a threshold; double-click adds one, dragging it away removes it"

_MOVE = {int(Qt.Key.Key_Left): -1, int(Qt.Key.Key_Right): 1}
_CHOOSE = {int(Qt.Key.Key_Down): -1, int(Qt.Key.Key_Up): 1}
_REMOVE = {int(Qt.Key.Key_Delete), int(Qt.Key.Key_Backspace)}
_KEYS = {*_MOVE, *_CHOOSE, *_REMOVE, int(Qt.Key.Key_Insert)}


class HistogramView(HandledChart):
    """Shows counts over ``low``…``high`` and the thresholds that cut them into regions.

    Drag a handle to move it, away from the chart to remove it; double-click to add one.
    Left and Right move the chosen handle (Shift: ten steps), Up and Down choose another,
    Insert and Delete add and remove. ``thresholds_changed`` carries the sorted values.
    """

    thresholds_changed = Signal(list)

    def __init__(self, prefix: str = "histogram", parent: QWidget | None = None) -> None:
        super().__init__(f"{prefix}_view", "Histogram with thresholds", TIP, _KEYS, parent)
        self.setMinimumHeight(96)
        self._counts: NDArray[np.float64] = np.zeros(0)
        self._low, self._high, self._step = 0.0, 255.0, 1.0
        self._values: list[float] = []
        self._colours: list[QColor] = []
        self._scaling: Scaling = "sqrt"
        self._fewest, self._most, self._editable = 0, 19, True
        self._chosen = 0
        self._dragging = False
        self._rest: list[float] = []
        self._outline = QPolygonF()
        self._drawn_at = QSize()

    def sizeHint(self) -> QSize:
        return QSize(240, 120)

    def set_histogram(
        self, counts: Sequence[float] | NDArray[Any], low: float, high: float, step: float = 1.0
    ) -> None:
        """Show counts of equal bins; the first stands at ``low``, the last at ``high``.

        Thresholds are multiples of ``step`` above ``low``.
        """
        self._counts = np.asarray(counts, np.float64)
        self._low, self._high, self._step = float(low), float(high), step
        self._drawn_at = QSize()
        self.update()

    def set_thresholds(self, values: Sequence[float]) -> None:
        """Show thresholds without saying so; ignored for as long as one is being dragged."""
        if not self._dragging:
            self._values = sorted(float(value) for value in values)
            self._chosen = min(self._chosen, max(0, len(self._values) - 1))
            self._describe()
            self.update()

    def thresholds(self) -> list[float]:
        return list(self._values)

    def set_colours(self, colours: Sequence[Colour]) -> None:
        """Give the regions their colours, from dark values to light."""
        self._colours = [QColor(*colour) for colour in colours]
        self.update()

    def set_scaling(self, scaling: Scaling) -> None:
        """Choose how counts become heights."""
        self._scaling = scaling
        self._drawn_at = QSize()
        self.update()

    def set_limits(self, fewest: int, most: int) -> None:
        """Bound how many thresholds a person can leave or add."""
        self._fewest, self._most = fewest, most

    def set_editable(self, editable: bool) -> None:
        """Allow moving thresholds, or only show those that a method has computed."""
        self._editable = editable
        policy = Qt.FocusPolicy.StrongFocus if editable else Qt.FocusPolicy.NoFocus
        self.setFocusPolicy(policy)
        self.update()

    # Where values lie.

    def plot(self) -> QRectF:
        """Return the rectangle of the chart inside the widget."""
        return QRectF(self.rect()).adjusted(_SIDE, _TOP, -_SIDE, -_BOTTOM)

    def x_of(self, value: float) -> float:
        """Return where a value lies, in px from the widget's left edge."""
        plot = self.plot()
        return plot.left() + (value - self._low) / (self._high - self._low) * plot.width()

    def value_at(self, x: float) -> float:
        """Return the value at a place, as a multiple of the step within the range."""
        plot = self.plot()
        share = min(max((x - plot.left()) / plot.width(), 0.0), 1.0)
        steps = round(share * (self._high - self._low) / self._step)
        return self._low + steps * self._step

    def _handle_at(self, x: float) -> int | None:
        if not self._values:
            return None
        ways = [abs(self.x_of(value) - x) for value in self._values]
        nearest = ways.index(min(ways))
        return nearest if ways[nearest] <= _REACH else None

    # Changes by a person.

    def _change(self, values: list[float]) -> None:
        if values != self._values:
            self._values = values
            self._describe()
            self.update()
            self.thresholds_changed.emit(list(values))

    def _place(self, rest: list[float], index: int, value: float) -> None:
        """Put a handle among the rest, but not past its neighbours."""
        low = rest[index - 1] + self._step if index else self._low
        high = rest[index] - self._step if index < len(rest) else self._high
        if low <= high:
            self._change([*rest[:index], min(max(value, low), high), *rest[index:]])

    def _add(self, value: float) -> None:
        if len(self._values) < self._most and value not in self._values:
            values = sorted([*self._values, value])
            self._chosen = values.index(value)
            self._change(values)

    def _remove(self, index: int) -> None:
        if len(self._values) > self._fewest:
            self._chosen = max(0, index - 1)
            self._change([*self._values[:index], *self._values[index + 1 :]])

    def _add_in_widest_gap(self) -> None:
        ends = [self._low, *self._values, self._high]
        gap, left = max((right - left, left) for left, right in itertools.pairwise(ends))
        self._add(self.value_at(self.x_of(left + gap / 2)))

    def _describe(self) -> None:
        words = ", ".join(f"{value:g}" for value in self._values) or "none"
        self.setAccessibleDescription(f"thresholds {words} in {self._low:g} to {self._high:g}")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self._handle_at(event.position().x())
        if not self._editable or event.button() != Qt.MouseButton.LeftButton or index is None:
            return
        self._chosen, self._dragging = index, True
        self._rest = [*self._values[:index], *self._values[index + 1 :]]
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = event.position()
        if not self._dragging:
            over = self._editable and self._handle_at(place.x()) is not None
            self.setCursor(Qt.CursorShape.SizeHorCursor if over else Qt.CursorShape.ArrowCursor)
            return
        outside = not -_OUT <= place.y() <= self.height() + _OUT
        if outside and len(self._rest) >= self._fewest:
            self._change(list(self._rest))
            return
        self._place(self._rest, self._chosen, self.value_at(place.x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragging = False
        self._chosen = min(self._chosen, max(0, len(self._values) - 1))
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._editable and self._handle_at(event.position().x()) is None:
            self._add(self.value_at(event.position().x()))

    def takes_keys(self) -> bool:
        return self._editable

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if not self._editable or key not in _KEYS:
            super().keyPressEvent(event)
        elif key == Qt.Key.Key_Insert:
            self._add_in_widest_gap()
        elif not self._values:
            super().keyPressEvent(event)
        elif key in _REMOVE:
            self._remove(self._chosen)
        elif key in _CHOOSE:
            self._chosen = min(max(self._chosen + _CHOOSE[key], 0), len(self._values) - 1)
            self.update()
        else:
            far = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            rest = [*self._values]
            value = rest.pop(self._chosen) + _MOVE[key] * far * self._step
            self._place(rest, self._chosen, value)

    # Painting.

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plot = self.plot()
        ground = plot.adjusted(-_SIDE, -_TOP, _SIDE, 0)
        self.paint_ground(painter, ground)
        self._paint_counts(painter, plot)
        self._paint_figures(painter, plot)
        for index, value in enumerate(self._values):
            self._paint_threshold(painter, plot, self.x_of(value), index)
        self.paint_focus(painter, ground)

    def _paint_counts(self, painter: QPainter, plot: QRectF) -> None:
        if self._drawn_at != self.size():
            self._outline = outline(self._counts, plot, self._scaling)
            self._drawn_at = self.size()
        ends = [plot.left(), *(self.x_of(value) for value in self._values), plot.right()]
        painter.setPen(Qt.PenStyle.NoPen)
        for index, (left, right) in enumerate(itertools.pairwise(ends)):
            painter.save()
            painter.setClipRect(QRectF(left, plot.top() - _TOP, right - left, plot.height() + _TOP))
            painter.setBrush(self._region_colour(index))
            painter.drawPolygon(self._outline)
            painter.restore()

    def _region_colour(self, index: int) -> QColor:
        if index < len(self._colours):
            return self._colours[index]
        share = index / max(1, len(self._values))
        tokens = theme.current()
        return QColor(theme.mixed(tokens.outline, tokens.text_dim, share))

    def _paint_threshold(self, painter: QPainter, plot: QRectF, x: float, index: int) -> None:
        chosen = self._editable and index == self._chosen and (self.hasFocus() or self._dragging)
        ink = theme.colour("accent" if chosen else "text")
        painter.setPen(QPen(theme.colour("panel", 0.7), 3))
        painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
        line = QLineF(x, plot.top() - _TOP, x, plot.bottom())
        self.paint_handle(painter, line, ink, 1.5 if chosen else 1, self._editable)

    def _paint_figures(self, painter: QPainter, plot: QRectF) -> None:
        """Write the thresholds below their handles, and the range's ends where there is room."""
        font = theme.figures(theme.SECONDARY)
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        taken: list[QRectF] = []
        figures = [*((value, "text") for value in self._values),
                   (self._low, "text_dim"), (self._high, "text_dim")]  # fmt: skip
        for value, ink in figures:
            text = _short(value)
            width = metrics.horizontalAdvance(text)
            left = min(max(self.x_of(value) - width / 2, 0.0), self.width() - width)
            box = QRectF(left, plot.bottom() + KNOB + 3, width, metrics.height())
            if not any(box.adjusted(-4, 0, 4, 0).intersects(other) for other in taken):
                taken.append(box)
                painter.setPen(theme.colour(ink))
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def _short(value: float) -> str:
    """Write whole numbers out, and of others what there is room for."""
    return f"{value:g}" if value.is_integer() else f"{value:.4g}"
