"""What small charts have in common whose handles are moved by mouse and keys."""

from collections.abc import Collection

from PySide6.QtCore import QEvent, QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from segstudio.gui import theme

KNOB = 5
"""Radius of what a handle is taken by, in px."""

ROUND = 4


class HandledChart(QWidget):
    """A chart that takes ``keys`` before the window does, and paints its ground and handles."""

    def __init__(
        self, name: str, said: str, tip: str, keys: Collection[int], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(said)
        self.setToolTip(tip)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._keys = frozenset(keys)

    def takes_keys(self) -> bool:
        """Tell whether there is anything that keys could change."""
        return True

    def event(self, event: QEvent) -> bool:
        # While the chart has the focus its keys come before the window's.
        asked = event.type() == QEvent.Type.ShortcutOverride and self.takes_keys()
        if asked and isinstance(event, QKeyEvent) and event.key() in self._keys:
            event.accept()
            return True
        return super().event(event)

    def paint_ground(self, painter: QPainter, area: QRectF) -> None:
        """Fill what the chart stands on."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("raised"))
        painter.drawRoundedRect(area, ROUND, ROUND)

    def paint_focus(self, painter: QPainter, area: QRectF) -> None:
        """Draw a ring around it while the keys are its own."""
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("accent"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), ROUND, ROUND)

    def paint_handle(
        self, painter: QPainter, line: QLineF, ink: QColor, width: float = 1, knob: bool = True
    ) -> None:
        """Draw a line down to the knob by which it is taken."""
        painter.setPen(QPen(ink, width))
        painter.drawLine(line)
        if knob:
            painter.setPen(QPen(theme.colour("panel"), 1.5))
            painter.setBrush(ink)
            painter.drawEllipse(line.p2(), KNOB, KNOB)
