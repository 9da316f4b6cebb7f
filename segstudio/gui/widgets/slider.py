"""A slider that goes where it is clicked, over a linear or logarithmic range of numbers."""

import math

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QSlider, QWidget

_STOPS = 1000
"""Stops of a slider over a range that is not counted in whole steps."""


class ValueSlider(QSlider):
    """A horizontal slider over ``low``…``high``; says each value while it is moved.

    With ``step`` it stops at low + n·step; with ``logarithmic`` equal ways are equal factors,
    and ``low`` must be above 0.
    """

    value_moved = Signal(float)

    def __init__(
        self,
        low: float,
        high: float,
        step: float | None = None,
        logarithmic: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._low, self._high, self._step, self._log = low, high, step, logarithmic
        stepped = step and not logarithmic
        stops = max(1, round((high - low) / step)) if stepped and step else _STOPS
        self.setRange(0, stops)
        self.setPageStep(max(1, stops // 10))
        self.setSingleStep(max(1, stops // 100))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.valueChanged.connect(self._say)

    def number(self) -> float:
        """Return the value in the units of the range."""
        share = self.value() / self.maximum()
        if self._log:
            number = self._low * math.exp(share * math.log(self._high / self._low))
        else:
            number = self._low + share * (self._high - self._low)
        if self._step:
            number = self._low + round((number - self._low) / self._step) * self._step
        return min(max(number, self._low), self._high)

    def set_number(self, number: float) -> None:
        """Move the handle to a value without saying so."""
        number = min(max(number, self._low), self._high)
        if self._log:
            share = math.log(number / self._low) / math.log(self._high / self._low)
        else:
            share = (number - self._low) / (self._high - self._low)
        self.blockSignals(True)
        self.setValue(round(share * self.maximum()))
        self.blockSignals(False)

    def _say(self) -> None:
        self.value_moved.emit(self.number())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            # The handle jumps under the mouse first; then Qt begins to drag it.
            handle = 14
            way = max(1, self.width() - handle)
            share = (event.position().x() - handle / 2) / way
            self.setValue(round(min(max(share, 0.0), 1.0) * self.maximum()))
        super().mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()  # the panel scrolls, and no setting changes by accident


class WheelGuard(QObject):
    """Keeps the wheel from changing a field that does not have the focus."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        unfocused = isinstance(watched, QWidget) and not watched.hasFocus()
        if event.type() == QEvent.Type.Wheel and unfocused:
            event.ignore()
            return True
        return False


def guard_wheel(field: QWidget) -> None:
    """Let the wheel scroll the panel unless the field has the focus."""
    field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    field.installEventFilter(WheelGuard(field))
