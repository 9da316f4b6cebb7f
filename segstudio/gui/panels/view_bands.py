"""Which bands of the picture are shown, and the combinations that are kept of them."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from segstudio.gui import theme
from segstudio.gui.bands import LONGEST_NAME, BandCombinations, Combination
from segstudio.gui.widgets.buttons import icon_button, label
from segstudio.gui.widgets.choices import combo
from segstudio.gui.widgets.field import quietly
from segstudio.gui.widgets.value_row import NAME
from segstudio.store.display import usual_bands

COLOURS = ("red", "green", "blue")
OWN = "Own choice"


class BandsView(QWidget):
    """A band for each of red, green and blue, or one for grey."""

    chosen = Signal(tuple)

    def __init__(self, combinations: BandCombinations) -> None:
        super().__init__()
        self._combinations = combinations
        self._count = 0
        self._bands: tuple[int, ...] = (0,)
        self.combination = combo("view_combination", "Combination", "Which bands are shown")
        self.keep = icon_button("save", "bands_keep", "Keep this combination under a name",
                                kind="small")  # fmt: skip
        self.forget = icon_button("trash", "bands_forget", "Forget this combination", kind="small")
        self.name = NameField()
        self.grey = QCheckBox("One band, in grey")
        self.grey.setObjectName("bands_grey")
        self.grey.setAccessibleName("One band, in grey")
        self.grey.setToolTip("Show a single band instead of three colours")
        self.boxes = {
            colour: combo(f"band_{colour}", colour.title(), f"The band that is shown {colour}")
            for colour in (*COLOURS, "grey")
        }
        self._rows: dict[str, QWidget] = {}
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        top = QHBoxLayout()
        top.setSpacing(theme.GRID)
        top.addWidget(self.combination, 1)
        top.addWidget(self.keep)
        top.addWidget(self.forget)
        column.addLayout(top)
        column.addWidget(self.name)
        for colour, box in self.boxes.items():
            row = QWidget()
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(theme.GAP)
            title = label(colour.title(), "dim")
            title.setFixedWidth(NAME)
            line.addWidget(title)
            line.addWidget(box, 1)
            column.addWidget(row)
            self._rows[colour] = row
        column.addWidget(self.grey)
        self.name.hide()

    def _connect(self) -> None:
        self.combination.activated.connect(self._choose)
        self.keep.clicked.connect(self._ask_name)
        self.forget.clicked.connect(self._forget)
        self.name.given.connect(self._keep)
        self.grey.toggled.connect(self._turn_grey)
        for box in self.boxes.values():
            box.activated.connect(self._pick)
        self._combinations.changed.connect(self._offer)

    # -- showing ---------------------------------------------------------------------

    def show_bands(self, count: int, bands: tuple[int, ...]) -> None:
        """Show which bands of a picture with so many are chosen."""
        if (count, bands) == (self._count, self._bands):
            return
        new = count != self._count
        self._count, self._bands = count, bands
        coloured = len(bands) == 3
        self.grey.setVisible(count >= 3)
        quietly(self.grey, lambda: self.grey.setChecked(not coloured))
        for colour, box in self.boxes.items():
            self._rows[colour].setVisible((colour in COLOURS) == coloured)
            if new:
                box.clear()
                box.addItems([f"Band {band}" for band in range(1, count + 1)])
        for colour, band in zip(COLOURS if coloured else ("grey",), bands, strict=False):
            self.boxes[colour].setCurrentIndex(band)
        if new:
            self.name.hide()
        self._offer()

    def _offer(self) -> None:
        """List what can be chosen, and which of it is."""
        offered = self._combinations.offered(self._count)
        current = next((each for each in offered if each.bands == self._bands), None)
        self.combination.clear()
        for each in offered:
            self.combination.addItem(each.name, each)
        if current is None:
            self.combination.insertItem(0, OWN, None)
        self.combination.setCurrentIndex(offered.index(current) if current else 0)
        self.keep.setEnabled(current not in self._combinations.kept)
        self.forget.setEnabled(current in self._combinations.kept)

    # -- choosing --------------------------------------------------------------------

    def _choose(self, place: int) -> None:
        chosen = self.combination.itemData(place)
        if isinstance(chosen, Combination):
            self.chosen.emit(chosen.bands)

    def _pick(self) -> None:
        colours = ("grey",) if self.grey.isChecked() or self._count < 3 else COLOURS
        self.chosen.emit(tuple(self.boxes[colour].currentIndex() for colour in colours))

    def _turn_grey(self, on: bool) -> None:
        self.chosen.emit((self._bands[0],) if on else usual_bands(self._count))

    def _ask_name(self) -> None:
        self.name.show()
        self.name.clear()
        self.name.setFocus()

    def _keep(self, name: str) -> None:
        self._combinations.keep(Combination(name, self._count, self._bands))
        self.combination.setFocus()

    def _forget(self) -> None:
        chosen = self.combination.currentData()
        if isinstance(chosen, Combination):
            self._combinations.forget(chosen)


class NameField(QLineEdit):
    """Takes the name of a combination: Enter gives it, Esc gives it up."""

    given = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("bands_name")
        self.setAccessibleName("Name of the combination")
        self.setPlaceholderText("Name, then Enter")
        self.setToolTip("Enter keeps the combination, Esc does not")
        self.setMaxLength(LONGEST_NAME)

    def event(self, event: QEvent) -> bool:
        # Enter and Esc are its own here, and not the window's commands.
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            name = " ".join(self.text().split())
            if name:
                self.hide()
                self.given.emit(name)
        elif event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)
