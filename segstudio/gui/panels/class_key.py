"""The key that chooses a class, as it stands on the keyboard."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from segstudio.gui import theme

LAST = 9
"""The highest number that has a key of its own."""


class ClassKey(QWidget):
    """The number of a class: as a small key cap where a key has it, else bare."""

    def __init__(self, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(22, 20)
        self.setObjectName(f"class_key_{number}")
        self._number, self._ink = number, theme.current().text_dim
        has_key = number <= LAST
        tip = f"Press {number} to paint with it" if has_key else f"Class number {number}"
        self.setToolTip(tip)
        self.setAccessibleName(tip)

    def set_ink(self, colour: str) -> None:
        """Draw the number in a colour that can be read on the row."""
        self._ink = colour
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(22, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._number <= LAST:
            cap = QRectF(3.5, 2.5, 15, 15)
            painter.setPen(QPen(theme.colour("outline"), 1))
            painter.setBrush(theme.colour("raised"))
            painter.drawRoundedRect(cap, 3, 3)
            painter.drawLine(
                cap.bottomLeft() + QPointF(3, 1.5), cap.bottomRight() + QPointF(-3, 1.5)
            )
        painter.setFont(theme.figures(11))
        painter.setPen(self._ink)
        painter.drawText(QRectF(0, 2, 22, 16), Qt.AlignmentFlag.AlignCenter, str(self._number))
        painter.end()
