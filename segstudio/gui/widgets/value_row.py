"""A name, a slider and its value in one line, narrow enough for a side panel."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from segstudio.gui import theme
from segstudio.gui.widgets.buttons import label
from segstudio.gui.widgets.slider import ValueSlider

NAME, VALUE = 76, 44
"""Widths in px: the sliders of a panel stand below each other."""


class ValueRow(QWidget):
    """Says each value while the slider is moved; arrow keys move it by one step."""

    moved = Signal(float)

    def __init__(
        self,
        text: str,
        name: str,
        limits: tuple[float, float],
        tip: str,
        written: Callable[[float], str],
        step: float | None = None,
        logarithmic: bool = False,
        width: int = NAME,
    ) -> None:
        super().__init__()
        self._written = written
        title = label(text, "dim", f"{name}_name")
        title.setFixedWidth(width)
        title.setToolTip(tip)
        self.slider = ValueSlider(*limits, step, logarithmic)
        self.slider.setObjectName(name)
        self.slider.setAccessibleName(text)
        self.slider.setToolTip(tip)
        self.slider.setMinimumWidth(32)
        self.value = label("", "body", f"{name}_value")
        self.value.setFixedWidth(VALUE)
        self.value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.value.setFont(theme.figures())
        title.setBuddy(self.slider)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        row.addWidget(title)
        row.addWidget(self.slider, 1)
        row.addWidget(self.value)
        self.slider.value_moved.connect(self._move)

    def set_number(self, number: float) -> None:
        """Show a value without saying so; a slider that is dragged is left alone."""
        if not self.slider.isSliderDown():
            self.slider.set_number(number)
        self.value.setText(self._written(number))

    def _move(self, number: float) -> None:
        number = round(number, 3)
        self.value.setText(self._written(number))
        self.moved.emit(number)
