"""The editor of a loss: which losses are added up."""

from functools import partial

from PySide6.QtWidgets import QPushButton, QWidget

from segstudio.gui import theme
from segstudio.gui.widgets.buttons import button
from segstudio.gui.widgets.field import Field, quietly
from segstudio.gui.widgets.fields import in_words
from segstudio.gui.widgets.flow import FlowLayout
from segstudio.learning.losses.loss import losses
from segstudio.settings import Setting


class LossField(Field):
    """A chip for every loss; those that are on are added up, and one always is."""

    def __init__(self, setting: Setting, name: str, parent: QWidget | None = None) -> None:
        super().__init__(setting, name, parent)
        flow = FlowLayout(spacing=theme.GRID)
        self.row.addLayout(flow, 1)
        self.chips: dict[str, QPushButton] = {}
        self._formula = str(setting.default)
        for loss in losses:
            said = (losses[loss].__doc__ or "").partition("\n")[0]
            tip = f"{losses[loss].title}: {said}"
            chip = button(in_words(loss), f"{name}_{loss}", "chip", tip=tip)
            chip.setCheckable(True)
            chip.setAccessibleName(f"{setting.label}: {losses[loss].title}")
            flow.addWidget(chip)
            self.chips[loss] = chip
            chip.toggled.connect(partial(self._switch, loss))
        self.set_value(self._formula)

    def value(self) -> str:
        return self._formula

    def set_value(self, value: str) -> None:
        self._formula = value
        on = parts_of(value)
        for loss, chip in self.chips.items():
            quietly(chip, partial(chip.setChecked, loss in on))

    def _switch(self, loss: str, on: bool) -> None:
        """Add a loss at the end, or leave it out unless it is the only one."""
        others = [part for part in parts_of(self._formula) if part != loss]
        if on or others:
            self._formula = "+".join([*others, loss] if on else others)
            self.changed.emit()
        else:
            self.set_value(self._formula)


def parts_of(formula: str) -> list[str]:
    """Return the names in a formula such as ``cross_entropy+dice``."""
    return [name.strip() for name in formula.split("+")]
