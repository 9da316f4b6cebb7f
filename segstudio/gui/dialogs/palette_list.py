"""The commands that the palette lists, and how well words fit them."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QAction, QKeySequence

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Entry:
    """A command: its text as it is read, its place in the menus, and its keys."""

    action: QAction
    text: str
    menu: str
    keys: str


def entry_of(action: QAction) -> Entry:
    """Return how the palette shows an action."""
    shown = [key.toString(QKeySequence.SequenceFormat.PortableText) for key in action.shortcuts()]
    menus = [each for each in action.associatedObjects() if hasattr(each, "menuAction")]
    menu = plain(menus[0].title()) if menus else ""  # type: ignore[attr-defined]
    return Entry(action, plain(action.text()), menu, shown[0] if shown else "")


def plain(text: str) -> str:
    """Return a menu's text without its mnemonic."""
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&")


def fit(words: str, entry: Entry) -> float | None:
    """Return how well words fit a command, lower is better; None where they do not.

    All letters must come in order; beginnings of words, and letters that stand together, count.
    """
    wanted = "".join(words.casefold().split())
    text = f"{entry.text} {entry.menu}".casefold()
    if not wanted:
        return 0.0
    where = text.find(words.casefold().strip())
    if where >= 0:
        begins = where == 0 or not text[where - 1].isalnum()
        return where * 0.01 + (0 if begins else 5)
    cost, place = 20.0, -1
    for letter in wanted:
        found = text.find(letter, place + 1)
        if found < 0:
            return None
        begins = found == 0 or not text[found - 1].isalnum()
        cost += 0 if found == place + 1 or begins else 2
        place = found
    return cost + place * 0.01


class CommandList(QAbstractListModel):
    """The commands that fit, the best first; those that cannot be used now come last."""

    def __init__(self, actions: Sequence[QAction], parent: QObject | None = None) -> None:
        super().__init__(parent)
        visible = [action for action in actions if action.isVisible() and action.text()]
        self._entries = [entry_of(action) for action in visible]
        self._shown: list[Entry] = []
        self.search("")

    def search(self, words: str) -> None:
        """List what fits the words."""
        fitting = [(fit(words, entry), entry) for entry in self._entries]
        found = [
            (not entry.action.isEnabled(), cost, place, entry)
            for place, (cost, entry) in enumerate(fitting)
            if cost is not None
        ]
        self.beginResetModel()
        self._shown = [entry for *_, entry in sorted(found, key=lambda each: each[:3])]
        self.endResetModel()

    def entry(self, row: int) -> Entry | None:
        return self._shown[row] if 0 <= row < len(self._shown) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._shown)

    def flags(self, index: Index) -> Qt.ItemFlag:
        entry = self.entry(index.row())
        usable = entry is not None and entry.action.isEnabled()
        return Qt.ItemFlag.ItemIsSelectable | (
            Qt.ItemFlag.ItemIsEnabled if usable else Qt.ItemFlag.NoItemFlags
        )

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        entry = self.entry(index.row())
        if entry is None:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{entry.text} {entry.keys}".strip() if role else entry.text
        return entry if role == Qt.ItemDataRole.UserRole else None
