"""A list to choose from whose entries stand under headings."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt
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
    model = box.model()
    assert isinstance(model, QStandardItemModel)
    box.clear()
    for title, entries in groups:
        model.appendRow(_heading(title))
        for entry in entries:
            item = QStandardItem(entry.text)
            item.setData(entry.data, Qt.ItemDataRole.UserRole)
            item.setToolTip(entry.tip)
            model.appendRow(item)
    box.setMaxVisibleItems(model.rowCount())


def _heading(title: str) -> QStandardItem:
    item = QStandardItem(title)
    item.setFlags(Qt.ItemFlag.NoItemFlags)
    font = QFont()
    font.setPixelSize(theme.SECONDARY)
    font.setWeight(QFont.Weight.DemiBold)
    item.setFont(font)
    item.setData(f"{title}: heading", Qt.ItemDataRole.AccessibleTextRole)
    return item
