"""A list to choose from whose entries stand under headings."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QFont, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox

from segstudio.gui import theme


@dataclass(frozen=True)
class Entry:
    """One line that can be chosen: what it says, what it stands for, and a line about it."""

    text: str
    data: Any
    tip: str = ""


def fill_grouped(box: QComboBox, groups: Sequence[tuple[str, Sequence[Entry]]]) -> None:
    """Fill a box with entries under headings, which no click and no key can choose."""
    model = _GroupedModel(groups, box)
    box.setModel(model)
    box.setMaxVisibleItems(model.rowCount())


class _GroupedModel(QStandardItemModel):
    def __init__(self, groups: Sequence[tuple[str, Sequence[Entry]]], parent: QObject) -> None:
        super().__init__(parent)
        self._headings: list[QStandardItem] = []
        for title, entries in groups:
            self._headings.append(_heading(title))
            self.appendRow(self._headings[-1])
            for entry in entries:
                self.appendRow(_item(entry))
        theme.notifier.changed.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        for heading in self._headings:
            heading.setForeground(theme.colour("text_dim"))


def _item(entry: Entry) -> QStandardItem:
    item = QStandardItem(entry.text)
    item.setData(entry.data, Qt.ItemDataRole.UserRole)
    item.setToolTip(entry.tip)
    return item


def _heading(title: str) -> QStandardItem:
    item = QStandardItem(title)
    item.setFlags(Qt.ItemFlag.NoItemFlags)
    font = QFont()
    font.setPixelSize(theme.SECONDARY)
    font.setWeight(QFont.Weight.DemiBold)
    item.setFont(font)
    item.setData(f"{title}: heading", Qt.ItemDataRole.AccessibleTextRole)
    return item
