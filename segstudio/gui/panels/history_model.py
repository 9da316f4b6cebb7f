"""The line of time as a list: the beginning, then one row a change, newest at the bottom."""

import time
from datetime import datetime
from enum import IntEnum

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from segstudio.domain.history import Entry
from segstudio.gui.panels.images_row import stem
from segstudio.gui.session import Session

Index = QModelIndex | QPersistentModelIndex

NAMED = 8
"""Pictures of one change that the tool tip names."""

ICONS = {
    "Brush": "brush",
    "Erase": "eraser",
    "Polygon": "polygon",
    "Lasso": "lasso",
    "Fill": "fill",
    "Superpixels": "superpixel",
    "Propose": "wand",
    "Predict": "predict",
    "Accept": "accept",
    "Discard": "discard",
    "Add": "import",
    "Clear": "trash",
    "Remove": "trash",
    "Mark": "state-reviewed",
    "Use": "image",
    "Back": "image",
}
"""By the first word of what a change is called; the others are changes of classes."""


class Role(IntEnum):
    """What the list knows of a row besides its text."""

    ICON = Qt.ItemDataRole.UserRole
    PICTURES = Qt.ItemDataRole.UserRole + 1
    WHEN = Qt.ItemDataRole.UserRole + 2
    UNDONE = Qt.ItemDataRole.UserRole + 3
    NOW = Qt.ItemDataRole.UserRole + 4


class HistoryModel(QAbstractListModel):
    """Row n is the project with n of the known changes done."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._entries: list[Entry] = []
        session.project_changed.connect(self._read)
        session.history_changed.connect(self._follow)
        self._read()

    @property
    def now(self) -> int:
        """The row of how the project is."""
        return self._session.history.done

    # -- what Qt asks ----------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() or not self._entries else len(self._entries) + 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = index.row()
        if not 0 <= row <= len(self._entries):
            return None
        if role == Role.UNDONE:
            return row > self.now
        if role == Role.NOW:
            return row == self.now
        return self._of_beginning(role) if row == 0 else self._of(self._entries[row - 1], role)

    def _of_beginning(self, role: int) -> object:
        whole = self._entries[0].id == 1
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return "Beginning" if whole else "Oldest point kept"
            case Qt.ItemDataRole.ToolTipRole:
                said = "Before the first change" if whole else "Nothing before this can be undone"
                return f"{said}\nClick to go back to it"
            case Role.ICON:
                return "folder"
            case Role.PICTURES | Role.WHEN:
                return ""
        return None

    def _of(self, entry: Entry, role: int) -> object:
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return entry.text
            case Qt.ItemDataRole.ToolTipRole:
                return self._in_words(entry)
            case Qt.ItemDataRole.AccessibleTextRole:
                parts = entry.text, self._pictures(entry), ago(time.time() - entry.time)
                return ", ".join(part for part in parts if part)
            case Role.ICON:
                return ICONS.get(entry.text.split(" ")[0], "settings")
            case Role.PICTURES:
                return self._pictures(entry)
            case Role.WHEN:
                return when(entry.time)
        return None

    def _pictures(self, entry: Entry) -> str:
        """Say on which pictures, where the text does not."""
        count = len(entry.images)
        if count == 1:
            image = self._session.images.get(next(iter(entry.images)))
            if image is None:
                return "1 picture"
            return "" if image.name in entry.text else stem(image.name)
        counted = f"{count:,} pictures"
        return counted if count and f"{count} pictures" not in entry.text else ""

    def _in_words(self, entry: Entry) -> str:
        images = self._session.images
        names = [images[id].name for id in sorted(entry.images) if id in images]
        more = len(entry.images) - len(names[:NAMED])
        lines = [entry.text, *names[:NAMED], *([f"and {more:,} more"] if more else [])]
        date = datetime.fromtimestamp(entry.time).strftime("%d %B %Y, %H:%M:%S")
        return "\n".join([*lines, date])

    # -- following -------------------------------------------------------------------

    def _read(self) -> None:
        self.beginResetModel()
        self._entries = list(self._session.history.entries)
        self.endResetModel()

    def _follow(self) -> None:
        """Drop what is forgotten at both ends, and append what is new."""
        old, new = self._entries, self._session.history.entries
        gone = _before(old, new)
        kept = min(len(old) - gone, len(new))
        while kept and old[gone + kept - 1] is not new[kept - 1]:
            kept -= 1
        if not kept:
            self._read()
            return
        if gone:  # the row of the beginning stays, and stands for another one
            self.beginRemoveRows(QModelIndex(), 1, gone)
            del old[:gone]
            self.endRemoveRows()
        if kept < len(old):
            self.beginRemoveRows(QModelIndex(), kept + 1, len(old))
            del old[kept:]
            self.endRemoveRows()
        if kept < len(new):
            self.beginInsertRows(QModelIndex(), kept + 1, len(new))
            old += new[kept:]
            self.endInsertRows()


def _before(old: list[Entry], new: list[Entry]) -> int:
    """Return how many of the oldest entries are not there any more."""
    if not new:
        return len(old)
    return next((n for n, entry in enumerate(old) if entry is new[0]), len(old))


def ago(seconds: float) -> str:
    """Say how long ago something was, in a word or two."""
    if seconds < 45:
        return "just now"
    if seconds < 3570:
        return f"{max(1, round(seconds / 60))} min"
    if seconds < 84_600:
        return f"{max(1, round(seconds / 3600))} h"
    return f"{round(seconds / 86_400)} d"


def when(moment: float) -> str:
    """Say when something was: how long ago, and the date where that is weeks."""
    seconds = time.time() - moment
    if seconds < 7 * 86_400:
        return ago(seconds)
    return datetime.fromtimestamp(moment).strftime("%d %b %Y").lstrip("0")
