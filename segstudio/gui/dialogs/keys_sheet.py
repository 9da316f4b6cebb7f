"""The sheet of all keys, by group."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from segstudio.gui import theme
from segstudio.gui.dialogs.keycap import Keycaps
from segstudio.gui.dialogs.overlay import Overlay
from segstudio.gui.widgets.buttons import icon_button, label

Row = tuple[str, str, str]
"""Group, what it does, keys; alternatives of keys are divided by a comma and a space."""

CANVAS_KEYS: tuple[Row, ...] = (
    ("Canvas", "Zoom at the cursor", "Wheel"),
    ("Canvas", "Pan in every tool", "Space+Drag, Middle drag"),
    ("Canvas", "Erase for a moment", "Alt+Drag, Right drag"),
    ("Canvas", "Straight line", "Shift+Click"),
    ("Canvas", "Brush size", "Ctrl+Shift+Wheel"),
    ("Canvas", "Peek at the bare image", "H"),
    ("Classes", "Class by its number", "0, …, 9"),
    ("Classes", "Rename the class", "F2"),
)
"""What is done with the mouse and with keys that are held, which no menu shows."""

COLUMNS = 3
MARGIN = 44
"""Least space around what is shown, the rim of the card included, in px."""


class KeysSheet(Overlay):
    """Shows every key in groups; ? or Esc closes it."""

    def __init__(self, rows: Sequence[Row], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("keys_sheet")
        self.setAccessibleName("Keys")
        self._groups: dict[str, list[Row]] = {}
        for row in rows:
            self._groups.setdefault(row[0], []).append(row)
        self._columns = 0
        self._scroll = QScrollArea()
        self._scroll.setObjectName("keys_scroll")
        self._scroll.setAccessibleName("All keys")
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setWidgetResizable(True)
        self._scroll.viewport().setAutoFillBackground(False)
        head = QHBoxLayout()
        head.addWidget(label("Keys", "title"))
        head.addStretch(1)
        close = icon_button("discard", "keys_close", "Close", "Esc", kind="small")
        close.clicked.connect(self.close)
        head.addWidget(close)
        column = self._surface = QVBoxLayout(self.card)
        column.setContentsMargins(24, theme.EDGE, theme.EDGE, 24)
        column.setSpacing(theme.EDGE)
        column.addLayout(head)
        column.addWidget(self._scroll, 1)

    def place_card(self) -> None:
        """Show as many columns as there is room for, and scroll what is too long."""
        room = QSize(self.width() - 2 * MARGIN, self.height() - 3 * MARGIN)
        for columns in range(COLUMNS, 0, -1):
            wanted = self._fill(columns).sizeHint()
            if wanted.width() <= room.width():
                break
        if wanted.height() > room.height():
            wanted += QSize(theme.EDGE, 0)  # for the scroll bar
        self._scroll.setMinimumSize(wanted.boundedTo(room))
        self._surface.activate()  # it would hear of the new size only later
        super().place_card()

    def _fill(self, columns: int) -> QWidget:
        inner = self._scroll.widget()
        if inner is None or columns != self._columns:
            self._columns = columns
            inner = QWidget()
            row = QHBoxLayout(inner)
            row.setSpacing(2 * theme.EDGE)
            row.setContentsMargins(0, 0, theme.GAP, 0)
            for found in balanced(self._groups, columns):
                row.addWidget(_column(found), 1, Qt.AlignmentFlag.AlignTop)
            self._scroll.setWidget(inner)
            inner.setAutoFillBackground(False)
            inner.show()  # only what is shown has its fonts, and so its size
        return inner

    def own_key(self, event: QKeyEvent) -> bool:
        if event.text() == "?":
            self.close()
            return True
        return super().own_key(event)


def balanced(groups: dict[str, list[Row]], columns: int) -> list[list[tuple[str, list[Row]]]]:
    """Return the groups in at most so many columns of about the same length, in order."""
    heights = {name: len(rows) + 2 for name, rows in groups.items()}
    limit = max(heights.values(), default=0)
    while True:
        found: list[list[tuple[str, list[Row]]]] = [[]]
        used = 0
        for name, rows in groups.items():
            if found[-1] and used + heights[name] > limit:
                found.append([])
                used = 0
            found[-1].append((name, rows))
            used += heights[name]
        if len(found) <= columns:
            return found
        limit += 1


def _column(groups: list[tuple[str, list[Row]]]) -> QWidget:
    made = QWidget()
    grid = QGridLayout(made)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(theme.EDGE)
    grid.setVerticalSpacing(theme.GRID)
    grid.setColumnStretch(0, 1)
    grid.setColumnMinimumWidth(0, 150)
    line = 0
    for name, rows in groups:
        if line:
            grid.setRowMinimumHeight(line, theme.GROUP)
            line += 1
        grid.addWidget(label(name, "header"), line, 0, 1, 2)
        for _, text, keys in rows:
            line += 1
            grid.setRowMinimumHeight(line, 24)
            grid.addWidget(label(text), line, 0)
            grid.addWidget(Keycaps(keys), line, 1, Qt.AlignmentFlag.AlignRight)
        line += 1
    return made
