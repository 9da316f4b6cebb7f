"""The surface of what floats over the canvas."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QFrame, QWidget

from segstudio.gui import theme


class FloatingFrame(QFrame):
    """A rounded panel, nearly opaque, above its siblings; the cursor of tools ends at it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCursor(Qt.CursorShape.ArrowCursor)

    def showEvent(self, event: QShowEvent) -> None:
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        surface = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(theme.colour("outline"), 1))
        painter.setBrush(theme.colour("panel", 0.94))
        painter.drawRoundedRect(surface, 10, 10)
