"""Small square pictures in a grid."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt
from PySide6.QtGui import QHelpEvent, QImage, QPainter, QPainterPath, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from segstudio.gui import theme

COLUMNS = 4


class SampleGrid(QWidget):
    """Shows pictures in rows of four, as wide as its place; each tells its name."""

    def __init__(self, name: str, said: str, rows: int = 4, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(said)
        self._rows = rows
        self._images: tuple[QImage, ...] = ()
        self._names: tuple[str, ...] = ()
        self._empty = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def count(self) -> int:
        return len(self._images)

    def set_images(self, images: Sequence[QImage], names: Sequence[str]) -> None:
        self._images, self._names = tuple(images), tuple(names)
        self.setAccessibleDescription(", ".join(dict.fromkeys(names)))
        self.update()

    def set_empty_text(self, text: str) -> None:
        """Say what will appear here, or why nothing does."""
        self._empty = text
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # Areas that scroll do not ask for the height that goes with a width.
        side = self._side(self.width())
        self.setFixedHeight(round(self._rows * side + (self._rows - 1) * theme.GRID))

    def _side(self, width: int) -> float:
        return (width - (COLUMNS - 1) * theme.GRID) / COLUMNS

    def cell(self, place: int) -> QRectF:
        """Return where a picture is drawn."""
        side = self._side(self.width())
        row, column = divmod(place, COLUMNS)
        return QRectF(column * (side + theme.GRID), row * (side + theme.GRID), side, side)

    def name_at(self, point: QPoint) -> str:
        """Return the name of the picture at a place; none where there is none."""
        found = (n for n in range(len(self._names)) if self.cell(n).contains(point.toPointF()))
        return next((self._names[n] for n in found), "")

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.name_at(event.pos()), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if not self._images:
            painter.setPen(theme.colour("text_dim"))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(
                self.rect().adjusted(theme.EDGE, 0, -theme.EDGE, 0), flags, self._empty
            )
            return
        for place, image in enumerate(self._images):
            cell, corners = self.cell(place), QPainterPath()
            corners.addRoundedRect(cell, 3, 3)
            painter.save()
            painter.setClipPath(corners)
            painter.drawImage(cell, image)
            painter.restore()
