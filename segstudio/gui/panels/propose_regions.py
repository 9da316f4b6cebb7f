"""Which class each region of a preview becomes."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLabel, QWidget

from segstudio.domain.classes import LabelClass
from segstudio.gui import theme
from segstudio.gui.widgets.buttons import label
from segstudio.gui.widgets.choices import class_square, combo
from segstudio.gui.widgets.named_rows import NamedRows

NO_CLASS = "leave unlabelled"


class RegionRows(QWidget):
    """A row for each region: its number, and a list of classes.

    ``chosen`` carries a region and the class that a person has given it, −1 for none.
    """

    chosen = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("propose_regions")
        self._rows: list[tuple[QLabel, QComboBox]] = []
        self._grid = NamedRows(self, theme.GRID)
        self.hide()

    def show_regions(
        self, count: int, mapping: Mapping[int, int], classes: Sequence[LabelClass]
    ) -> None:
        """Show so many regions; ``mapping`` gives those their class that have one."""
        while len(self._rows) > count:
            for widget in self._rows.pop():
                self._grid.removeWidget(widget)
                widget.setParent(None)
                widget.deleteLater()
        while len(self._rows) < count:
            self._rows.append(self._add_row(len(self._rows)))
        for region, (_, box) in enumerate(self._rows):
            self._fill(box, classes)
            box.setCurrentIndex(max(box.findData(mapping.get(region, -1)), 0))
        self.setVisible(bool(count))

    def _fill(self, box: QComboBox, classes: Sequence[LabelClass]) -> None:
        wanted = [(NO_CLASS, -1, ()), *((c.name, c.id, c.colour) for c in classes)]
        if box.property("offered") == str(wanted):
            return
        box.setProperty("offered", str(wanted))
        box.clear()
        box.addItem(NO_CLASS, -1)
        for one in classes:
            box.addItem(class_square(one), one.name, one.id)

    def _add_row(self, region: int) -> tuple[QLabel, QComboBox]:
        name = f"region_class_{region}"
        box = combo(name, f"Class of region {region}", "What becomes of this region's pixels", 4)
        box.activated.connect(lambda index: self.chosen.emit(region, box.itemData(index)))
        title = label(f"Region {region}", "dim", f"{name}_label")
        title.setToolTip("Regions are numbered from dark to light")
        title.setBuddy(box)
        self._grid.addWidget(title, region, 0)
        self._grid.addWidget(box, region, 1)
        return title, box
