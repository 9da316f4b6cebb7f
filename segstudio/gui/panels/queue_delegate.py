"""How a row of the queue is painted."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from segstudio.domain.geometry import Box
from segstudio.gui import icons, theme
from segstudio.gui.panels.images_row import shortened
from segstudio.gui.panels.thumbnails import Thumbnails
from segstudio.gui.queue_words import lines_of

IMAGE = int(Qt.ItemDataRole.UserRole)
SCORE = IMAGE + 1
"""A number, or nothing for what was drawn without one."""
REASON = IMAGE + 2
REGION = IMAGE + 3
"""A box of the picture and the picture's own box, or nothing for the whole picture."""
PREDICTED = IMAGE + 4
"""Name and colour of the class for which it was chosen."""
DONE = IMAGE + 5

ROW = 64
THUMB = QSize(56, 40)
LEADING = 2
"""Px between the name and what stands below it."""

MARK = 16
SQUARE = 8
LEAST = 6
"""Side in px that the outline of a region has at least."""


class QueueDelegate(QStyledItemDelegate):
    """Thumbnail at the left; beside it name and score, then the class, then the reason."""

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
        self._paint_thumbnail(painter, rect, index)
        self._paint_words(painter, rect, index, selected)
        painter.restore()

    def _paint_thumbnail(
        self, painter: QPainter, rect: QRect, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        place = QRect(rect.left() + 10, rect.top() + (ROW - THUMB.height()) // 2, 0, 0)
        place.setSize(THUMB)
        picture = self._thumbnails.get(index.data(IMAGE))
        if picture is None:
            painter.fillRect(place, theme.colour("raised"))
            return
        size = (picture.deviceIndependentSize()).toSize()
        size.scale(THUMB, Qt.AspectRatioMode.KeepAspectRatio)
        place.setSize(size)
        place.moveTop(rect.top() + (ROW - size.height()) // 2)
        painter.drawPixmap(place, picture)
        region = index.data(REGION)
        if region is not None:
            outline = outline_in(QRectF(place), *region)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(0, 0, 0, 150), 3))
            painter.drawRect(outline)
            painter.setPen(QPen(theme.colour("accent"), 1.5))
            painter.drawRect(outline)

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
        font, small = theme.ui_font(theme.BODY), QFontMetrics(theme.ui_font(theme.SECONDARY))
        high = QFontMetrics(font).height()
        free = ROW - high - 2 * small.height() - 1 - LEADING
        text = rect.adjusted(THUMB.width() + 20, free // 2, -10, 0)
        painter.setPen(QColor(ink))
        wide, score = 0, index.data(SCORE)
        if index.data(DONE):
            wide = MARK + 8
            mark = icons.pixmap("accept", ink, MARK)
            painter.drawPixmap(text.right() - MARK, text.top() + 1, mark)
        elif score is not None:
            wide = QFontMetrics(figures).horizontalAdvance(f"{score:.2f}") + 8
            right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
            painter.drawText(text, right, f"{score:.2f}")
        painter.setFont(font)
        name = shortened(index.data(), QFontMetrics(font), text.width() - wide)
        painter.drawText(text, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop), name)
        painter.setPen(QColor(theme.readable(theme.mixed(ink, surface, 0.35), surface)))
        self._paint_reason(painter, text.adjusted(0, high + LEADING, 0, -4), index)

    def _paint_reason(
        self, painter: QPainter, text: QRect, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Write the class with its colour, and below it the reason; without a class only that."""
        font = theme.ui_font(theme.SECONDARY)
        painter.setFont(font)
        metrics = QFontMetrics(font)
        predicted = index.data(PREDICTED)
        about, why = lines_of(index.data(REASON), predicted and predicted[0])
        if predicted is None:
            painter.drawText(text, int(Qt.TextFlag.TextWordWrap), why)
            return
        painter.save()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(*predicted[1]))
        base = text.top() + metrics.ascent()
        high = base - (metrics.capHeight() + SQUARE) // 2
        painter.drawRoundedRect(QRectF(text.left(), high, SQUARE, SQUARE), 2, 2)
        painter.restore()
        _write(painter, text.adjusted(SQUARE + 6, 0, 0, 0), base, about)
        _write(painter, text, base + metrics.height() + 1, why)


def _write(painter: QPainter, text: QRect, base: int, words: str) -> None:
    """Write one line on a base, cut short to fit."""
    shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, text.width())
    painter.drawText(text.left(), base, shown)


def outline_in(place: QRectF, box: Box, image: Box) -> QRectF:
    """Return where a box of an image lies in a thumbnail, which is cut to its middle."""
    scale = max(place.width() / max(image.width, 1), place.height() / max(image.height, 1))
    middle = place.center()
    left = middle.x() + (box.left - image.width / 2) * scale
    top = middle.y() + (box.top - image.height / 2) * scale
    wide, high = max(box.width * scale, LEAST), max(box.height * scale, LEAST)
    edge = place.adjusted(0.5, 0.5, -0.5, -0.5)
    right, bottom = min(left + wide, edge.right()), min(top + high, edge.bottom())
    left = min(max(left, edge.left()), edge.right() - LEAST)
    top = min(max(top, edge.top()), edge.bottom() - LEAST)
    right, bottom = max(right, left + LEAST), max(bottom, top + LEAST)
    return QRectF(left, top, right - left, bottom - top)
