"""One line of text that ends in an ellipsis where there is no room for all of it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QWidget

from segstudio.gui import theme


class OneLine(QLabel):
    """A quiet text; its end is left out first, so what matters most stands first."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setProperty("role", "secondary")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(theme.figures(theme.SECONDARY))

    @property
    def shown(self) -> str:
        """What there is room for."""
        metrics, right = self.fontMetrics(), Qt.TextElideMode.ElideRight
        return metrics.elidedText(self.text(), right, self.contentsRect().width())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(theme.colour("text_dim"))
        middle = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(self.contentsRect(), int(middle), self.shown)
        painter.end()
