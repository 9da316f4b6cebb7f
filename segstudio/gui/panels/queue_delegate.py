"""How a row of the queue is painted."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from segstudio.gui import theme
from segstudio.gui.panels.thumbnails import Thumbnails

IMAGE = int(Qt.ItemDataRole.UserRole)
SCORE = IMAGE + 1
REASON = IMAGE + 2

ROW = 52
THUMB = QSize(56, 40)


class QueueDelegate(QStyledItemDelegate):
    """Thumbnail at the left, name and reason beside it, the score at the right."""

    def __init__(self, thumbnails: Thumbnails, parent: QWidget) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(0, ROW)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme.colour("selection"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, theme.colour("hover"))
        self._paint_thumbnail(painter, rect, index.data(IMAGE))
        self._paint_words(painter, rect, index)
        painter.restore()

    def _paint_thumbnail(self, painter: QPainter, rect: QRect, image: int) -> None:
        place = QRect(rect.left() + 4, rect.top() + (ROW - THUMB.height()) // 2, 0, 0)
        place.setSize(THUMB)
        picture = self._thumbnails.get(image)
        if picture is None:
            painter.fillRect(place, theme.colour("raised"))
            return
        size = (picture.deviceIndependentSize()).toSize()
        size.scale(THUMB, Qt.AspectRatioMode.KeepAspectRatio)
        place.setSize(size)
        place.moveTop(rect.top() + (ROW - size.height()) // 2)
        painter.drawPixmap(place, picture)

    def _paint_words(
        self, painter: QPainter, rect: QRect, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        figures = theme.figures(theme.BODY)
        painter.setFont(figures)
        score = f"{index.data(SCORE):.2f}"
        wide = QFontMetrics(figures).horizontalAdvance(score) + 8
        text = rect.adjusted(THUMB.width() + 16, 7, -8, -7)
        painter.setPen(theme.colour("text"))
        right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        painter.drawText(text, right, score)
        font = theme.ui_font(theme.BODY)
        painter.setFont(font)
        name = QFontMetrics(font).elidedText(
            index.data(), Qt.TextElideMode.ElideMiddle, text.width() - wide
        )
        painter.drawText(text, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop), name)
        font = theme.ui_font(theme.SECONDARY)
        painter.setFont(font)
        painter.setPen(theme.colour("text_dim"))
        reason = QFontMetrics(font).elidedText(
            index.data(REASON), Qt.TextElideMode.ElideRight, text.width()
        )
        low = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
        painter.drawText(text, low, reason)
