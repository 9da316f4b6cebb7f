"""What the lists of the panels have in common."""

from typing import ClassVar

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget


class RowsView(QListView):
    """A list of equal rows that leaves letters to the canvas."""

    own_keys: ClassVar[tuple[Qt.Key, ...]] = ()
    """Keys that are commands of the window, but not while this list has the focus."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def choose_several(self) -> None:
        """Let several rows be chosen, and a menu be asked for them."""
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    def selected_rows(self) -> list[int]:
        """Return the selected rows in order; quick for 20,000, as Qt's own list is not."""
        chosen = self.selectionModel().selection()
        parts = (chosen.at(place) for place in range(chosen.count()))
        return sorted({row for part in parts for row in range(part.top(), part.bottom() + 1)})

    def keyboardSearch(self, search: str) -> None:
        """Letters are the keys of tools, not the beginnings of names."""

    def event(self, event: QEvent) -> bool:
        asked = event.type() == QEvent.Type.ShortcutOverride
        if asked and isinstance(event, QKeyEvent) and event.key() in self.own_keys:
            event.accept()
            return True
        return super().event(event)
