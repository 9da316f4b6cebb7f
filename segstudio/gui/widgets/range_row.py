"""A range in two numbers and on a slider."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QVBoxLayout, QWidget

from segstudio.gui import theme
from segstudio.gui.widgets.buttons import label
from segstudio.gui.widgets.field import quietly
from segstudio.gui.widgets.range_slider import RangeSlider
from segstudio.gui.widgets.slider import guard_wheel

NUMBER = 68
"""Width of a number, in px."""

COARSE = 50
"""A range at least so wide is in whole numbers."""


class RangeRow(QWidget):
    """The name of a range, its ends as numbers, and below a slider with two handles."""

    changed = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(f"{name}_row")
        self.text = label("", "dim", f"{name}_name")
        self.slider = RangeSlider(f"{name}_range", "Range")
        self.low, self.high = _number(f"{name}_low", "from"), _number(f"{name}_high", "to")
        top = QHBoxLayout()
        top.setSpacing(theme.GRID)
        top.addWidget(self.text, 1)
        top.addWidget(self.low)
        top.addWidget(label("–", "dim"))
        top.addWidget(self.high)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self.slider)
        self.slider.moved.connect(self._take_slid)
        for box in (self.low, self.high):
            box.valueChanged.connect(self._take_typed)

    def range(self) -> tuple[float, float]:
        return self.low.value(), self.high.value()

    def show_range(
        self, name: str, limits: tuple[float, float], range: tuple[float, float], wraps: bool
    ) -> None:
        """Show a range without saying `changed`."""
        self.text.setText(name)
        self.slider.set_limits(*limits)
        self.slider.set_wraps(wraps)
        self.slider.setAccessibleName(f"Range of {name}")
        self.slider.set_range(*range)
        places = 0 if limits[1] - limits[0] >= COARSE else 3
        for box, value, said in zip((self.low, self.high), range, ("from", "to"), strict=True):
            box.setAccessibleName(f"{name}: {said}")
            quietly(box, partial(_set, box, places, limits, value))

    def _take_slid(self, low: float, high: float) -> None:
        for box, value in ((self.low, low), (self.high, high)):
            quietly(box, partial(box.setValue, value))
        self.changed.emit()

    def _take_typed(self) -> None:
        self.slider.set_range(*self.range())
        self.changed.emit()


def _number(name: str, said: str) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setObjectName(name)
    box.setAccessibleName(said)
    box.setToolTip(f"{said.capitalize()}: the end of the range, which is inside")
    box.setKeyboardTracking(False)
    box.setFont(theme.figures())
    box.setFixedWidth(NUMBER)
    guard_wheel(box)
    return box


def _set(box: QDoubleSpinBox, places: int, limits: tuple[float, float], value: float) -> None:
    low, high = limits
    box.setDecimals(places if value == round(value, places) else 3)
    box.setRange(min(low, value), max(high, value))
    box.setValue(value)
