"""The command palette: type a few letters of what is to be done, and press Enter."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from segstudio.gui import icons, theme
from segstudio.gui.dialogs.keycap import HEIGHT, caps_width, draw_caps, key_parts
from segstudio.gui.dialogs.overlay import Overlay
from segstudio.gui.dialogs.palette_list import CommandList, Entry, Index
from segstudio.gui.widgets.buttons import label

WIDTH = 560
ROW = 32
SHOWN = 10
_MOVES = {
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_PageUp: -SHOWN,
    Qt.Key.Key_PageDown: SHOWN,
}


class Palette(Overlay):
    """Lists all commands with their keys; Enter or a click carries one out."""

    def __init__(self, actions: Sequence[QAction], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("command_palette")
        self.setAccessibleName("Command palette")
        self.field = QLineEdit()
        self.field.setObjectName("palette_search")
        self.field.setAccessibleName("Search commands")
        self.field.setToolTip("Letters of a command  (Enter does it)")
        self.field.setPlaceholderText("What do you want to do?")
        self.field.installEventFilter(self)
        glass = QAction(self.field)
        icons.set_icon(glass, "search")
        self.field.addAction(glass, QLineEdit.ActionPosition.LeadingPosition)
        self.commands = CommandList(actions, self)
        self.view = QListView()
        self.view.setObjectName("palette_commands")
        self.view.setAccessibleName("Commands")
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setUniformItemSizes(True)
        self.view.setMouseTracking(True)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setModel(self.commands)
        self.view.setItemDelegate(CommandRow(self.view))
        self.view.setFixedHeight(SHOWN * ROW + 2)
        self.view.clicked.connect(self._run)
        self.nothing = label("No command is called like that", "dim", "palette_nothing")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.setFixedHeight(3 * ROW)
        column = QVBoxLayout(self.card)
        column.setContentsMargins(theme.GAP, theme.GAP, theme.GAP, theme.GAP)
        column.setSpacing(theme.GAP)
        for part in (self.field, self.view, self.nothing):
            column.addWidget(part)
        self.card.setFixedWidth(WIDTH)
        self.field.textChanged.connect(self._search)
        self._search("")

    def place_card(self) -> None:
        self.card.adjustSize()
        left = (self.width() - self.card.width()) // 2
        self.card.move(left, max(theme.EDGE, round(self.height() * 0.12)))

    def take_focus(self) -> None:
        self.field.setFocus()

    def own_key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key in _MOVES:
            self._move(_MOVES[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._run(self.view.currentIndex())
        else:
            return super().own_key(event)
        return True

    def _search(self, words: str) -> None:
        self.commands.search(words)
        self.view.setCurrentIndex(self.commands.index(0))
        found = bool(self.commands.rowCount())
        self.view.setVisible(found)
        self.nothing.setVisible(not found)
        self.place_card()

    def _move(self, by: int) -> None:
        last = self.commands.rowCount() - 1
        row = min(max(self.view.currentIndex().row() + by, 0), last)
        self.view.setCurrentIndex(self.commands.index(row))

    def _run(self, index: QModelIndex) -> None:
        entry = self.commands.entry(index.row())
        if entry is not None and entry.action.isEnabled():
            action = entry.action
            self.close()  # first, so that the command finds the focus where it was
            action.trigger()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress and self.own_key(event):
                return True
        return super().eventFilter(watched, event)


class CommandRow(QStyledItemDelegate):
    """A command's text, its menu in dim, and its keys at the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry = index.data(Qt.ItemDataRole.UserRole)
        if not isinstance(entry, Entry):
            return
        area: QRect = option.rect
        state: QStyle.StateFlag = option.state
        tokens = theme.current()
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(theme.colour("selection" if chosen else "hover"))
            painter.drawRoundedRect(QRectF(area), theme.RADIUS, theme.RADIUS)
        ink = tokens.selection_text if chosen else tokens.text
        if not entry.action.isEnabled():
            ink = tokens.text_disabled
        middle = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        words = area.adjusted(theme.GROUP, 0, -theme.GROUP, 0)
        painter.setFont(theme.ui_font())
        painter.setPen(ink)
        painter.drawText(words, middle, entry.text)
        after = painter.fontMetrics().horizontalAdvance(entry.text) + theme.GROUP
        painter.setFont(theme.ui_font(theme.SECONDARY))
        surface = tokens.selection if chosen else tokens.panel
        painter.setPen(theme.mixed(ink, surface, 0.4))
        painter.drawText(words.adjusted(after, 0, 0, 0), middle, entry.menu)
        if entry.keys:
            caps = key_parts(entry.keys)
            left = words.right() - caps_width(caps) + 1
            top = area.top() + (area.height() - HEIGHT) // 2
            draw_caps(
                painter, QPoint(left, top), caps, theme.mixed(ink, surface, 0.2), tokens.raised
            )
        painter.restore()
