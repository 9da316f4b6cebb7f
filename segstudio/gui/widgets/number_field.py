"""The editor of a number: a box to type into, and a slider where it has a range."""

from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QSpinBox, QWidget

from segstudio.gui import theme
from segstudio.gui.widgets.field import Field, quietly
from segstudio.gui.widgets.slider import ValueSlider, guard_wheel
from segstudio.settings import Setting

_LARGEST = 2**31 - 1
_MOST_STOPS = 1000
"""A whole number with more values than this is typed, not slid, unless it slides by factors."""
_FACTOR = 200
"""A range whose ends differ by at least this factor slides logarithmically."""


class NumberField(Field):
    """A number typed into a box, and slid where it has a range.

    The value is kept as it was set, also where the box shows fewer places.
    """

    def __init__(self, setting: Setting, name: str, parent: QWidget | None = None) -> None:
        super().__init__(setting, name, parent)
        given = (number for number in (setting.default, setting.low, 0) if number is not None)
        self._value: float = next(given)
        self._whole = setting.kind == "int"
        self._places = _places(setting)
        self.box = self._make_box()
        self.slider = _slider(setting)
        if self.slider is not None:
            self.box.setFixedWidth(96)  # all sliders of a form end at the same place
            self.enter(self.slider, "_slider")
            self.slider.value_moved.connect(self._take)
            self.slider.sliderReleased.connect(self._show)
            self.row.addWidget(self.slider, 1)
        self.row.addWidget(self.box, 0 if self.slider else 1)
        self._show()
        self.box.valueChanged.connect(self._take)

    def value(self) -> int | float:
        return int(self._value) if self._whole else float(self._value)

    def set_value(self, value: float) -> None:
        self._value = value
        self._show()

    def _take(self, number: float) -> None:
        number = round(number) if self._whole else round(number, self._places)
        if number != self._value:
            self._value = number
            self._show()
            self.changed.emit()

    def _show(self) -> None:
        if isinstance(self.box, QSpinBox):
            whole = self.box
            quietly(whole, lambda: whole.setValue(int(self._value)))
        else:
            broken = self.box
            quietly(broken, lambda: broken.setValue(self._value))
        if self.slider is not None and not self.slider.isSliderDown():
            self.slider.set_number(self._value)

    def _make_box(self) -> QSpinBox | QDoubleSpinBox:
        setting = self.setting
        low = -_LARGEST if setting.low is None else setting.low
        high = _LARGEST if setting.high is None else setting.high
        box = _whole_box(low, high) if self._whole else _broken_box(low, high, self._places)
        if setting.step is None:
            box.setStepType(QAbstractSpinBox.StepType.AdaptiveDecimalStepType if not self._whole
                            else QAbstractSpinBox.StepType.DefaultStepType)  # fmt: skip
        elif isinstance(box, QSpinBox):
            box.setSingleStep(int(setting.step))
        else:
            box.setSingleStep(setting.step)
        box.setKeyboardTracking(False)  # 120 is meant, not 1, 12 and 120
        box.setFont(theme.figures())
        box.setMinimumWidth(72)
        guard_wheel(box)
        self.enter(box)
        return box


def _whole_box(low: float, high: float) -> QSpinBox:
    box = QSpinBox()
    box.setRange(int(low), int(high))
    return box


def _broken_box(low: float, high: float, places: int) -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setDecimals(places)
    box.setRange(low, high)
    return box


def _slider(setting: Setting) -> ValueSlider | None:
    """Return the slider of a number, or None where it is better typed."""
    low, high = setting.low, setting.high
    if low is None or high is None or high <= low:
        return None
    factors = low > 0 and high / low >= _FACTOR
    if setting.kind == "int":
        if not factors and high - low > _MOST_STOPS:
            return None
        return ValueSlider(low, high, setting.step or 1, factors)
    return ValueSlider(low, high, setting.step, factors)


def _places(setting: Setting) -> int:
    """Return how many places show the default, the step and the range's ends; 2 to 8."""
    given = (setting.default, setting.step, setting.low, setting.high)
    written = [f"{number:.8f}".rstrip("0") for number in given if isinstance(number, float)]
    return max([2, *(len(text.partition(".")[2]) for text in written)])
