"""Which channel of the picture a method looks at: a list, or two bands compared."""

import re
from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from segstudio.gui import theme
from segstudio.gui.widgets.buttons import label
from segstudio.gui.widgets.choices import combo
from segstudio.gui.widgets.field import Field, quietly
from segstudio.settings import Setting

TWO_BANDS = "nd"
"""What the entry holds that opens the choice of two bands."""

_PAIR = re.compile(r"nd\((\d+),(\d+)\)")


class ChannelField(Field):
    """Edits the name of a channel. ``offered`` gives names and labels for the open picture.

    A channel that the picture does not offer stays chosen, and is marked as such: another
    picture may have it. With several bands any two of them can be compared: ``nd(N,M)``.
    """

    def __init__(
        self,
        setting: Setting,
        name: str,
        offered: Callable[[], Sequence[tuple[str, str]]],
        bands: Callable[[], int],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(setting, name, parent)
        self._offered, self._bands = offered, bands
        self._value = str(setting.default)
        self.list = combo(name, setting.label, letters=4)
        self.enter(self.list)
        self.first = self._band_box("_first", "Band")
        self.second = self._band_box("_second", "Other band")
        self._pair = QWidget()
        pair = QHBoxLayout(self._pair)
        pair.setContentsMargins(0, 0, 0, 0)
        pair.setSpacing(theme.GRID)
        pair.addWidget(self.first, 1)
        pair.addWidget(label("against", "secondary"))
        pair.addWidget(self.second, 1)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GRID)
        column.addWidget(self.list)
        column.addWidget(self._pair)
        self.row.addLayout(column, 1)
        self.refresh()
        self.list.activated.connect(self._choose)
        for box in (self.first, self.second):
            box.activated.connect(self._compare)

    def value(self) -> str:
        return self._value

    def set_value(self, value: str) -> None:
        self._value = value
        self.refresh()

    def refresh(self) -> None:
        """Offer what the picture has that is open now."""
        entries = list(self._offered())
        pair = _pair_of(self._value)
        if self._bands() > 1 and not any(_pair_of(name) for name, _ in entries):
            entries.append((TWO_BANDS, "Two bands compared"))
        known = {name for name, _ in entries}
        data = self._value if self._value in known or pair is None else TWO_BANDS
        if data not in known:
            entries.append((data, f"{self._value} (not here)"))
        quietly(self.list, lambda: self._fill(entries, data))
        compared = data == TWO_BANDS
        self._pair.setVisible(compared)
        if compared and pair is not None:
            self._show_pair(pair)

    def _fill(self, entries: Sequence[tuple[str, str]], data: str) -> None:
        self.list.clear()
        for name, text in entries:
            self.list.addItem(text, name)
        self.list.setCurrentIndex(self.list.findData(data))

    def _show_pair(self, pair: tuple[int, int]) -> None:
        for box, band in zip((self.first, self.second), pair, strict=True):
            box.clear()
            for number in range(1, max(self._bands(), *pair) + 1):
                box.addItem(str(number), number)
            box.setCurrentIndex(box.findData(band))

    def _choose(self, place: int) -> None:
        name = self.list.itemData(place)
        self._take(f"nd({min(self._bands(), 4)},1)" if name == TWO_BANDS else name)

    def _compare(self) -> None:
        self._take(f"nd({self.first.currentData()},{self.second.currentData()})")

    def _take(self, value: str) -> None:
        if value != self._value:
            self.set_value(value)
            self.changed.emit()

    def _band_box(self, suffix: str, said: str) -> QComboBox:
        box = combo(self.name + suffix, said, letters=2)
        box.setToolTip("(band − other) / (band + other): an index such as NDVI")
        return box


def _pair_of(name: str) -> tuple[int, int] | None:
    """Return the two bands that a channel compares, if it does."""
    found = _PAIR.fullmatch(name.replace(" ", ""))
    return (int(found[1]), int(found[2])) if found else None
