"""How a picture looks in the list: thumbnail, name, size and state."""

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from segstudio.domain.records import ImageRecord, Split, State
from segstudio.gui import icons, theme
from segstudio.gui.panels.images_model import SPLIT_WORDS, ImagesModel, Index, Role
from segstudio.gui.panels.thumbnails import Thumbnails
from segstudio.gui.session import Session

THUMBNAIL = QSize(56, 40)
HEIGHT = 52
VIEWER = "images"
"""Under which name this list asks for thumbnails."""
STATE_ICONS = {
    State.UNLABELLED: "state-unlabelled",
    State.PROPOSED: "state-proposed",
    State.IN_WORK: "state-in-work",
    State.REVIEWED: "state-reviewed",
}
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class ImageRow(QStyledItemDelegate):
    """Paints a row. The open picture has an accent at its left edge."""

    def __init__(self, session: Session, thumbnails: Thumbnails, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._session, self._thumbnails, self._view = session, thumbnails, view

    def begin(self, ratio: float, rows: range) -> None:
        """Prepare to paint these rows, for a screen with so many device pixels a pixel."""
        self._thumbnails.set_ratio(ratio)
        model = self._view.model()
        if isinstance(model, ImagesModel):
            self._thumbnails.in_sight(VIEWER, frozenset(model.ids[rows.start : rows.stop]))

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(160, HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        image = index.data(Role.RECORD)
        if not isinstance(image, ImageRecord):
            return
        area: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        selected = bool(state & QStyle.StateFlag.State_Selected)
        row = QRectF(area).adjusted(0, 1, 0, -1)
        self._paint_surface(painter, row, image, state)
        thumb = QRectF(row.left() + 10, row.top() + 5, THUMBNAIL.width(), THUMBNAIL.height())
        self._paint_thumbnail(painter, thumb, image.id)
        ink = theme.current().selection_text if selected else theme.current().text
        surface = theme.current().selection if selected else theme.current().panel
        dim = theme.readable(theme.mixed(ink, surface, 0.35), surface)
        dot = QRectF(row.right() - 28, row.center().y() - 10, 20, 20)
        words = QRectF(thumb.right() + 10, row.top(), dot.left() - thumb.right() - 14, 0)
        self._paint_words(painter, words, row, image, ink, dim)
        _paint_state(painter, dot, image.state, ink, dim)
        painter.restore()

    def _paint_surface(
        self, painter: QPainter, row: QRectF, image: ImageRecord, state: QStyle.StateFlag
    ) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        if state & QStyle.StateFlag.State_Selected:
            painter.setBrush(theme.colour("selection"))
            painter.drawRoundedRect(row, theme.RADIUS, theme.RADIUS)
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(theme.colour("hover"))
            painter.drawRoundedRect(row, theme.RADIUS, theme.RADIUS)
        if self._session.image is not None and self._session.image.id == image.id:
            painter.setBrush(theme.colour("accent"))
            painter.drawRoundedRect(QRectF(row.left(), row.top() + 12, 3, row.height() - 24), 2, 2)

    def _paint_thumbnail(self, painter: QPainter, area: QRectF, id: int) -> None:
        found = self._thumbnails.get(id, VIEWER)
        if found is not None:
            painter.drawPixmap(area.topLeft(), found)
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("pressed"))
        painter.drawRoundedRect(area, 4, 4)
        if self._thumbnails.unreadable(id):
            sign = icons.pixmap("warning", theme.current().text_dim, 16)
            painter.drawPixmap(area.center() - QPointF(8, 8), sign)

    def _paint_words(
        self, painter: QPainter, words: QRectF, row: QRectF, image: ImageRecord, ink: str, dim: str
    ) -> None:
        painter.setFont(theme.ui_font())
        painter.setPen(ink)
        top = QRectF(words.left(), row.top() + 6, words.width(), 20)
        metrics = painter.fontMetrics()
        painter.drawText(top, int(_LEFT), shortened(stem(image.name), metrics, words.width()))
        painter.setFont(theme.figures(theme.SECONDARY))
        painter.setPen(dim)
        size, metrics = f"{image.width} × {image.height}", painter.fontMetrics()
        use = "" if image.split == Split.POOL else SPLIT_WORDS[image.split]
        text = f"{use} · {size}" if use else size
        if use and metrics.horizontalAdvance(text) > words.width():
            text = use  # the size stands in the tool tip too
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(words.width()))
        painter.drawText(top.translated(0, 20).adjusted(0, -1, 0, -1), int(_LEFT), text)


def stem(name: str) -> str:
    """Return a picture's name without the ending, which the tool tip shows."""
    head, dot, ending = name.rpartition(".")
    return head if dot and head and len(ending) <= 4 else name


def shortened(name: str, metrics: QFontMetrics, width: float) -> str:
    """Return a name that fits, with its end kept: there pictures of a series differ."""
    if metrics.horizontalAdvance(name) <= width:
        return name
    head = name[: max(1, len(name) // 6)]
    for start in range(len(head) + 1, len(name)):
        found = f"{head}…{name[start:]}"
        if metrics.horizontalAdvance(found) <= width:
            return found
    return "…"


def _paint_state(painter: QPainter, dot: QRectF, state: State, ink: str, dim: str) -> None:
    """Paint how far the labelling has come: ○ unlabelled, a quarter, ◐ half, ● reviewed."""
    colour = theme.current().accent if state == State.REVIEWED else dim
    painter.setPen(QPen(Qt.PenStyle.NoPen))
    painter.drawPixmap(dot.topLeft(), icons.pixmap(STATE_ICONS[state], colour, 20))
