"""A switch with its strength beside it, in one line."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from segstudio.gui import theme
from segstudio.gui.widgets.buttons import label
from segstudio.gui.widgets.field import quietly
from segstudio.gui.widgets.slider import ValueSlider
from segstudio.gui.widgets.value_row import VALUE
from segstudio.settings import Setting

NAME = 156
"""Width of the switches in px: the sliders of a panel stand below each other."""


class SwitchRow(QWidget):
    """Something that is on or off, and a number that says how strong, where it has one."""

    switched = Signal(bool)
    moved = Signal(float)

    def __init__(self, text: str, name: str, tip: str, strength: Setting | None) -> None:
        super().__init__()
        self.check = QCheckBox(text)
        self.check.setObjectName(name)
        self.check.setAccessibleName(text)
        self.check.setToolTip(tip)
        self.check.setFixedWidth(NAME)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        row.addWidget(self.check)
        self.slider: ValueSlider | None = None
        self.value = label("", "body", f"{name}_value")
        if strength is not None and strength.low is not None and strength.high is not None:
            step = 1 if strength.kind == "int" else strength.step
            self.slider = ValueSlider(strength.low, strength.high, step)
            self.slider.setObjectName(f"{name}_{strength.name}")
            self.slider.setAccessibleName(f"{text}: {strength.label}")
            self.slider.setToolTip(f"{strength.label}. {strength.help}".rstrip(". "))
            self.slider.setMinimumWidth(32)
            self.slider.value_moved.connect(self._move)
            row.addWidget(self.slider, 1)
        else:
            row.addStretch(1)
        self.value.setFixedWidth(VALUE)
        self.value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.value.setFont(theme.figures())
        row.addWidget(self.value)
        self.check.toggled.connect(self.switched)

    def show_state(self, on: bool, number: float | None = None) -> None:
        """Show whether it is on, and how strong, without saying so."""
        quietly(self.check, lambda: self.check.setChecked(on))
        if self.slider is not None and number is not None:
            if not self.slider.isSliderDown():
                self.slider.set_number(number)
            self.slider.setEnabled(on)
            self._write(number)
        self.value.setEnabled(on)

    def _move(self, number: float) -> None:
        number = round(number, 3)
        self._write(number)
        self.moved.emit(number)

    def _write(self, number: float) -> None:
        self.value.setText(f"{number:g}")
