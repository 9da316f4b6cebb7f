"""A slider with two handles over a ramp of colours: from here to there."""

import math
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QLinearGradient,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QWidget

from segstudio.gui import theme

_SIDE = 8
_TRACK = 8
_KNOB = 6
_STEPS = 200
"""Steps of the keys over the whole range, unless they are whole numbers."""


class RangeSlider(QWidget):
    """Edits a range within limits; what lies outside it is dimmed.

    Where it ``wraps``, such as a hue, the range may begin behind its end and run over the ends
    of the slider. Left and Right move the chosen handle (Shift: ten steps), Up and Down choose
    the other. ``moved`` carries the least and the greatest value.
    """

    moved = Signal(float, float)

    def __init__(self, name: str, said: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(said)
        self.setToolTip(f"{said}: drag the ends of the range")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedHeight(20)
        self._wraps = False
        self._limits = (0.0, 1.0)
        self._values = [0.0, 1.0]
        self._chosen, self._dragging = 0, False
        self._ramp: list[QColor] = []

    def sizeHint(self) -> QSize:
        return QSize(160, 20)

    def set_limits(self, low: float, high: float) -> None:
        """Bound the slider; ``high`` must be above ``low``."""
        self._limits = (low, high)
        self.update()

    def set_wraps(self, wraps: bool) -> None:
        """Let the range run over the ends of the slider, or not."""
        self._wraps = wraps

    def set_ramp(self, colours: Sequence[QColor]) -> None:
        """Colour the slider from its left end to its right."""
        self._ramp = list(colours)
        self.update()

    def set_range(self, low: float, high: float) -> None:
        """Show a range without saying so."""
        self._values = [low, high]
        self.setAccessibleDescription(f"{low:g} to {high:g}")
        self.update()

    def range(self) -> tuple[float, float]:
        return self._values[0], self._values[1]

    # Where values lie.

    def _track(self) -> QRectF:
        top = (self.height() - _TRACK) / 2
        return QRectF(_SIDE, top, self.width() - 2 * _SIDE, _TRACK)

    def x_of(self, value: float) -> float:
        """Return where a value lies, in px from the left edge; at an end where it is outside."""
        low, high = self._limits
        share = min(max((value - low) / (high - low), 0.0), 1.0)
        return self._track().left() + share * self._track().width()

    def value_at(self, x: float) -> float:
        """Return the value at a place: a whole one where those are less than a px apart."""
        track, (low, high) = self._track(), self._limits
        share = min(max((x - track.left()) / max(track.width(), 1), 0.0), 1.0)
        return self._rounded(low + share * (high - low))

    @property
    def _step(self) -> float:
        low, high = self._limits
        return 1.0 if high - low >= 50 else (high - low) / _STEPS

    def _rounded(self, value: float) -> float:
        low, high = self._limits
        return min(max(low + round((value - low) / self._step) * self._step, low), high)

    # Changes by a person.

    def _place(self, index: int, value: float) -> None:
        """Move one end, not past the other unless the range may run over the slider's ends."""
        low, high = self._values
        if not self._wraps:
            value = min(value, high) if index == 0 else max(value, low)
        if value != self._values[index]:
            self._values[index] = value
            self.set_range(*self._values)
            self.moved.emit(*self._values)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        x = event.position().x()
        ways = [abs(self.x_of(value) - x) for value in self._values]
        # Where both lie on one place the one that can move that way is taken.
        together = math.isclose(*ways) and x > self.x_of(self._values[1])
        self._chosen = 1 if ways[1] < ways[0] or together else 0
        self._dragging = True
        self._place(self._chosen, self.value_at(x))
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragging:
            self._place(self._chosen, self.value_at(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragging = False
        self.update()

    def event(self, event: QEvent) -> bool:
        # While the slider has the focus its keys come before the window's.
        asked = event.type() == QEvent.Type.ShortcutOverride
        if asked and isinstance(event, QKeyEvent) and event.key() in {*_MOVE, *_CHOOSE}:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in _CHOOSE:
            self._chosen = _CHOOSE[key]
            self.update()
        elif key in _MOVE:
            far = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            value = self._values[self._chosen] + _MOVE[key] * far * self._step
            self._place(self._chosen, self._rounded(value))
        else:
            super().keyPressEvent(event)

    # Painting.

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track = self._track()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._gradient(track))
        painter.drawRoundedRect(track, _TRACK / 2, _TRACK / 2)
        painter.setBrush(theme.colour("panel", 0.8))
        low, high = (self.x_of(value) for value in self._values)
        outside = [(high, low)] if low > high else [(track.left(), low), (high, track.right())]
        for left, right in outside:
            painter.drawRect(QRectF(left, track.top(), right - left, _TRACK))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour("outline"), 1))
        painter.drawRoundedRect(track.adjusted(0.5, 0.5, -0.5, -0.5), _TRACK / 2, _TRACK / 2)
        for index, x in enumerate((low, high)):
            chosen = index == self._chosen and (self.hasFocus() or self._dragging)
            painter.setPen(QPen(theme.colour("panel"), 1.5))
            painter.setBrush(theme.colour("accent" if chosen else "text"))
            painter.drawEllipse(QPointF(x, self.height() / 2), _KNOB, _KNOB)

    def _gradient(self, track: QRectF) -> QLinearGradient:
        made = QLinearGradient(track.topLeft(), track.topRight())
        colours = self._ramp or [theme.colour("pressed"), theme.colour("text_dim")]
        for place, colour in enumerate(colours):
            made.setColorAt(place / max(len(colours) - 1, 1), colour)
        return made


_MOVE = {int(Qt.Key.Key_Left): -1, int(Qt.Key.Key_Right): 1}
_CHOOSE = {int(Qt.Key.Key_Down): 0, int(Qt.Key.Key_Up): 1}
