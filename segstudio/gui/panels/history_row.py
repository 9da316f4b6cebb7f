"""How a row of the history is painted."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from segstudio.gui import icons, theme
from segstudio.gui.panels.history_model import Role

HEIGHT = 40
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_ELIDE = Qt.TextElideMode.ElideRight

Index = QModelIndex | QPersistentModelIndex


class HistoryRow(QStyledItemDelegate):
    """What, on which picture and when; what is undone is dim, below a line."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(160, HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        area, state = QRectF(option.rect), option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        row = area.adjusted(0, 1, 0, -1)
        tokens = theme.current()
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected or state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(theme.colour("selection" if selected else "hover"))
            painter.drawRoundedRect(row, theme.RADIUS, theme.RADIUS)
        if index.data(Role.NOW):
            self._paint_now(painter, area, row, index)
        ink = tokens.selection_text if selected else tokens.text
        surface = tokens.selection if selected else tokens.panel
        dim = theme.readable(theme.mixed(ink, surface, 0.35), surface)
        if index.data(Role.UNDONE):
            ink = dim = theme.mixed(dim, surface, 0.35)
        self._paint_words(painter, row, index, ink, dim)
        painter.restore()

    def _paint_now(self, painter: QPainter, area: QRectF, row: QRectF, index: Index) -> None:
        """Mark where the project is: an accent at the left, a line below where more follows."""
        painter.setBrush(theme.colour("accent"))
        painter.drawRoundedRect(QRectF(row.left(), row.top() + 8, 3, row.height() - 16), 2, 2)
        if index.row() < index.model().rowCount() - 1:
            painter.drawRect(QRectF(area.left() + 10, area.bottom() - 1, area.width() - 20, 1))

    def _paint_words(
        self, painter: QPainter, row: QRectF, index: Index, ink: str, dim: str
    ) -> None:
        sign = QRectF(row.left() + 10, row.center().y() - 8, 16, 16)
        painter.drawPixmap(sign.topLeft(), icons.pixmap(index.data(Role.ICON), dim, 16))
        words = QRectF(sign.right() + 10, row.top(), 0, row.height())
        words.setRight(row.right() - 10)
        painter.setFont(theme.figures(theme.SECONDARY))
        painter.setPen(dim)
        moment, metrics = index.data(Role.WHEN), painter.fontMetrics()
        painter.drawText(words, int(_RIGHT), moment)
        words.setRight(words.right() - metrics.horizontalAdvance(moment) - 8)
        pictures = index.data(Role.PICTURES)
        if pictures:
            below = QRectF(words.left(), row.center().y(), words.width(), 16)
            shown = metrics.elidedText(pictures, _ELIDE, int(words.width()))
            painter.drawText(below, int(_LEFT), shown)
            words.setBottom(row.center().y() + 1)
            words.setTop(words.bottom() - 18)
        painter.setFont(theme.ui_font())
        painter.setPen(ink)
        text = painter.fontMetrics().elidedText(index.data(), _ELIDE, int(words.width()))
        painter.drawText(words, int(_LEFT), text)
