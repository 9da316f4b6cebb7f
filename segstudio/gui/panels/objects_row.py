"""How a row of the objects is painted, and the list that holds them, as far as keys go."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from segstudio.gui import theme
from segstudio.gui.panels.object_thumbnails import ObjectThumbnails
from segstudio.gui.panels.objects_model import Role
from segstudio.gui.widgets.rows_view import RowsView
from segstudio.interactive.objects import MaskObject

Index = QModelIndex | QPersistentModelIndex

THUMBNAIL = QSize(56, 40)
HEIGHT = 52
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_ELIDE = Qt.TextElideMode.ElideRight

DELETE = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)


class ObjectsList(RowsView):
    """Several objects can be chosen, and deleted by a key."""

    own_keys = (*DELETE, Qt.Key.Key_Return, Qt.Key.Key_Enter)
    delete_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choose_several()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in DELETE:
            self.delete_asked.emit()
        else:
            super().keyPressEvent(event)


class ObjectRow(QStyledItemDelegate):
    """Thumbnail, class with its colour, area; below it the size, and the ground it covers."""

    def __init__(self, thumbnails: ObjectThumbnails, parent: QWidget) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        self._view = parent

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(160, HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        each = index.data(Role.OBJECT)
        if not isinstance(each, MaskObject):
            return
        area, state = QRectF(option.rect), option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        row = area.adjusted(0, 1, 0, -1)
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected or state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(theme.colour("selection" if selected else "hover"))
            painter.drawRoundedRect(row, theme.RADIUS, theme.RADIUS)
        thumb = QRectF(row.left() + 10, row.top() + 5, THUMBNAIL.width(), THUMBNAIL.height())
        found = self._thumbnails.get(each.box, self._view.devicePixelRatioF())
        if found is None:
            painter.setBrush(theme.colour("pressed"))
            painter.drawRoundedRect(thumb, 4, 4)
        else:
            painter.drawPixmap(thumb.topLeft(), found)
        tokens = theme.current()
        ink = tokens.selection_text if selected else tokens.text
        surface = tokens.selection if selected else tokens.panel
        dim = theme.readable(theme.mixed(ink, surface, 0.35), surface)
        words = QRectF(thumb.right() + 10, row.top() + 6, row.right() - thumb.right() - 20, 20)
        self._paint_words(painter, words, index, ink, dim)
        painter.restore()

    def _paint_words(
        self, painter: QPainter, words: QRectF, index: Index, ink: str, dim: str
    ) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(*index.data(Role.COLOUR)))
        painter.drawRoundedRect(QRectF(words.left(), words.center().y() - 5, 10, 10), 2, 2)
        below = words.translated(0, 19)
        figures = theme.figures(theme.SECONDARY)
        painter.setFont(figures)
        painter.setPen(ink)
        amount = index.data(Role.AREA)
        painter.drawText(words, _RIGHT, amount)
        name = words.adjusted(16, 0, -painter.fontMetrics().horizontalAdvance(amount) - 8, 0)
        painter.setPen(dim)
        ground = index.data(Role.GROUND)
        painter.drawText(below, _RIGHT, ground)
        below.setRight(below.right() - painter.fontMetrics().horizontalAdvance(ground) - 8)
        size = painter.fontMetrics().elidedText(index.data(Role.SIZE), _ELIDE, int(below.width()))
        painter.drawText(below, _LEFT, size)
        painter.setFont(theme.ui_font())
        painter.setPen(ink)
        text = painter.fontMetrics().elidedText(index.data(), _ELIDE, int(name.width()))
        painter.drawText(name, _LEFT, text)
