"""How a row of the queue is painted."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from segstudio.gui import theme
from segstudio.gui.panels.images_row import shortened
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
        selected = bool(state & QStyle.StateFlag.State_Selected)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        row = QRectF(rect).adjusted(0, 1, 0, -1)
        if selected or state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(theme.colour("selection" if selected else "hover"))
            painter.drawRoundedRect(row, theme.RADIUS, theme.RADIUS)
        if selected:
            painter.setBrush(theme.colour("accent"))
            painter.drawRoundedRect(QRectF(row.left(), row.top() + 12, 3, row.height() - 24), 2, 2)
        self._paint_thumbnail(painter, rect, index.data(IMAGE))
        self._paint_words(painter, rect, index, selected)
        painter.restore()

    def _paint_thumbnail(self, painter: QPainter, rect: QRect, image: int) -> None:
        place = QRect(rect.left() + 10, rect.top() + (ROW - THUMB.height()) // 2, 0, 0)
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
        self,
        painter: QPainter,
        rect: QRect,
        index: QModelIndex | QPersistentModelIndex,
        selected: bool,
    ) -> None:
        tokens = theme.current()
        ink = tokens.selection_text if selected else tokens.text
        surface = tokens.selection if selected else tokens.panel
        figures = theme.figures(theme.BODY)
        painter.setFont(figures)
        score = f"{index.data(SCORE):.2f}"
        wide = QFontMetrics(figures).horizontalAdvance(score) + 8
        text = rect.adjusted(THUMB.width() + 20, 7, -10, -7)
        painter.setPen(ink)
        right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        painter.drawText(text, right, score)
        font = theme.ui_font(theme.BODY)
        painter.setFont(font)
        name = shortened(index.data(), QFontMetrics(font), text.width() - wide)
        painter.drawText(text, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop), name)
        font = theme.ui_font(theme.SECONDARY)
        painter.setFont(font)
        painter.setPen(theme.readable(theme.mixed(ink, surface, 0.35), surface))
        reason = QFontMetrics(font).elidedText(
            index.data(REASON), Qt.TextElideMode.ElideRight, text.width()
        )
        low = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
        painter.drawText(text, low, reason)
