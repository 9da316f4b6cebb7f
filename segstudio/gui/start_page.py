"""What the window shows while no project is open."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QEnterEvent,
    QFocusEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from segstudio.gui import icons, theme
from segstudio.gui.drops import dropped_paths, take_files
from segstudio.gui.widgets.buttons import label, with_key

WIDTH = 460
RECENT = 5
"""Projects listed at most."""


class StartPage(QWidget):
    """The program's name, three ways to begin, and the projects opened lately."""

    folder_requested = Signal()
    project_requested = Signal()
    demo_requested = Signal()
    recent_requested = Signal(str)
    dropped = Signal(list)  # paths of files and folders

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("start_page")
        self.setAcceptDrops(True)
        self._dragging = False
        self._recent: tuple[str, ...] = ()
        self._rows: list[Choice] = []
        column = QVBoxLayout()
        column.setSpacing(theme.GRID)
        column.addLayout(self._title())
        column.addSpacing(24)
        for name, icon, text, note, key, signal in (
            ("start_folder", "folder", "Open a folder of pictures…",
             "A project is made beside it; the pictures stay where they are",
             "Ctrl+N", self.folder_requested),
            ("start_project", "image", "Open a project…",
             "A folder that ends in .segstudio", "Ctrl+O", self.project_requested),
            ("start_demo", "play", "Try the sample project",
             "House fronts with signs, banners and graffiti to find", "", self.demo_requested),
        ):  # fmt: skip
            choice = Choice(name, icon, text, note, key)
            choice.clicked.connect(signal)
            column.addWidget(choice)
        column.addSpacing(theme.EDGE)
        self._recent_title = label("Recent", "header")
        self._recent_title.setContentsMargins(theme.GROUP, 0, 0, 0)
        column.addWidget(self._recent_title)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        column.addLayout(self._list)
        column.addSpacing(theme.EDGE)
        hint = label("You can also drop a folder of pictures here", "secondary", "start_hint")
        hint.setContentsMargins(theme.GROUP, 0, 0, 0)
        column.addWidget(hint)
        self._centre(column)
        self.set_recent([])

    def _title(self) -> QHBoxLayout:
        sign = QLabel()
        sign.setPixmap(icons.app_icon().pixmap(QSize(40, 40)))
        name = label("segstudio", "title", "start_title")
        name.setFont(theme.ui_font(24))
        name.setStyleSheet("font-size: 24px; font-weight: 600;")
        said = label("From pictures to a small, measured model. Offline.", "dim", "start_motto")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(name)
        words.addWidget(said)
        row = QHBoxLayout()
        # The words stand over those of the choices below.
        row.setContentsMargins(10, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(sign)
        row.addLayout(words)
        row.addStretch(1)
        return row

    def _centre(self, column: QVBoxLayout) -> None:
        inner = QWidget()
        inner.setFixedWidth(WIDTH)
        inner.setLayout(column)
        column.setContentsMargins(0, 0, 0, 0)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(inner)
        across.addStretch(1)
        down = QVBoxLayout(self)
        down.setContentsMargins(0, 0, 0, 0)
        down.addStretch(2)
        down.addLayout(across)
        down.addStretch(3)

    def set_recent(self, projects: Sequence[str]) -> None:
        """List projects opened lately, newest first, by their folders."""
        found = tuple(projects[:RECENT])
        self._recent_title.setVisible(bool(found))
        if found == self._recent:
            return
        self._recent = found
        for row in self._rows:
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = []
        for number, place in enumerate(found, 1):
            path = Path(place)
            row = Choice(f"start_recent_{number}", "", path.stem, str(path.parent))
            row.setToolTip(place)
            row.clicked.connect(lambda _=False, place=place: self.recent_requested.emit(place))
            self._list.addWidget(row)
            self._rows.append(row)

    # -- events ----------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self._light(take_files(event))

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._light(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._light(False)
        event.acceptProposedAction()
        self.dropped.emit(dropped_paths(event.mimeData()))

    def _light(self, dragging: bool) -> None:
        self._dragging = dragging
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("canvas"))
        if self._dragging:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.colour("accent"), 2, Qt.PenStyle.DashLine))
            painter.setBrush(theme.colour("accent", 0.06))
            edge = theme.EDGE
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(edge, edge, -edge, -edge), 10, 10)
        painter.end()


class Choice(QAbstractButton):
    """A wide, quiet button: an icon, what it does, and a line about it.

    Without an icon it is one line: text, and the line about it in dim beside.
    """

    def __init__(self, name: str, icon: str, text: str, note: str, key: str = "") -> None:
        super().__init__()
        self.setObjectName(name)
        self.setText(text)
        self.setAccessibleName(text)
        self.setAccessibleDescription(note)
        self.setToolTip(with_key(text, key))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._sign, self._note = icon, note
        self._ringed = False
        self.setFixedHeight(56 if icon else theme.CONTROL)

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, self.height())

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        keys = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self._ringed = event.reason() in keys  # whoever comes by mouse needs no ring

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._ringed = False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        surface = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        fill = "pressed" if self.isDown() else "hover"
        painter.setPen(QPen(theme.colour("accent"), 1) if self._ringed else Qt.PenStyle.NoPen)
        painter.setBrush(
            theme.colour(fill) if self.underMouse() or self.isDown() else Qt.BrushStyle.NoBrush
        )
        painter.drawRoundedRect(surface, theme.RADIUS, theme.RADIUS)
        if self._sign:
            self._paint_tall(painter)
        else:
            self._paint_line(painter)
        painter.end()

    def _paint_tall(self, painter: QPainter) -> None:
        tile = QRectF(theme.GROUP, (self.height() - 36) / 2, 36, 36)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("raised"))
        painter.drawRoundedRect(tile, theme.RADIUS, theme.RADIUS)
        sign = icons.pixmap(self._sign, theme.current().accent_text, 20)
        painter.drawPixmap(tile.adjusted(8, 8, 0, 0).topLeft(), sign)
        left = tile.right() + theme.GROUP
        words = QRectF(left, tile.top() - 2, self.width() - left - theme.GROUP, 20)
        self._write(painter, words, self.text(), theme.BODY, "text")
        self._write(painter, words.translated(0, 20), self._note, theme.SECONDARY, "text_dim")

    def _paint_line(self, painter: QPainter) -> None:
        words = QRectF(self.rect()).adjusted(theme.GROUP, 0, -theme.GROUP, 0)
        used = self._write(painter, words, self.text(), theme.BODY, "text")
        words.setLeft(words.left() + used + theme.GROUP)
        self._write(painter, words, self._note, theme.SECONDARY, "text_dim")

    def _write(self, painter: QPainter, box: QRectF, text: str, size: int, ink: str) -> float:
        """Write a line, elided to its box; return how wide it is."""
        painter.setFont(theme.ui_font(size))
        painter.setPen(theme.colour(ink))
        metrics = painter.fontMetrics()
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, max(int(box.width()), 0))
        painter.drawText(
            box, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown
        )
        return float(metrics.horizontalAdvance(shown))
