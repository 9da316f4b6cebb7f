"""One editor for each kind of setting: number, switch, choice, text, list, optional."""

from functools import partial
from typing import Any

from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QPushButton, QWidget

from segstudio.errors import UserError
from segstudio.gui import theme
from segstudio.gui.widgets.buttons import button, label, restyle
from segstudio.gui.widgets.field import Field, quietly
from segstudio.gui.widgets.flow import FlowLayout
from segstudio.gui.widgets.number_field import NumberField
from segstudio.gui.widgets.slider import guard_wheel
from segstudio.settings import Setting


class SwitchField(Field):
    """Yes or no."""

    def __init__(self, setting: Setting, name: str, parent: QWidget | None = None) -> None:
        super().__init__(setting, name, parent)
        self.check = QCheckBox()
        self.enter(self.check)
        self.row.addWidget(self.check)
        self.row.addStretch()
        self.set_value(bool(setting.default))
        self.check.toggled.connect(self.changed)

    def value(self) -> bool:
        return self.check.isChecked()

    def set_value(self, value: bool) -> None:
        quietly(self.check, lambda: self.check.setChecked(value))


class ChoiceField(Field):
    """One of several words."""

    def __init__(self, setting: Setting, name: str, parent: QWidget | None = None) -> None:
        super().__init__(setting, name, parent)
        self.combo = QComboBox()
        for choice in setting.choices:
            self.combo.addItem(in_words(choice), choice)
        self.combo.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        guard_wheel(self.combo)
        self.enter(self.combo)
        self.row.addWidget(self.combo, 1)
        self.set_value(setting.default if setting.default is not None else setting.choices[0])
        self.combo.currentIndexChanged.connect(self.changed)

    def value(self) -> str:
        return str(self.combo.currentData())

    def set_value(self, value: str) -> None:
        quietly(self.combo, lambda: self.combo.setCurrentIndex(self.combo.findData(value)))


class ChipsField(Field):
    """Any of several words, each a chip that is on or off."""

    def __init__(self, setting: Setting, name: str, parent: QWidget | None = None) -> None:
        super().__init__(setting, name, parent)
        flow = FlowLayout(spacing=theme.GRID)
        self.row.addLayout(flow, 1)
        self.chips: dict[str, QPushButton] = {}
        for choice in setting.choices:
            chip = button(in_words(choice), f"{name}_{choice}", "chip")
            chip.setCheckable(True)
            chip.setAccessibleName(f"{setting.label}: {in_words(choice)}")
            chip.setToolTip(setting.help)
            flow.addWidget(chip)
            self.chips[choice] = chip
        self.set_value(setting.default or ())
        for chip in self.chips.values():
            chip.toggled.connect(self.changed)

    def value(self) -> tuple[str, ...]:
        return tuple(choice for choice, chip in self.chips.items() if chip.isChecked())

    def set_value(self, value: tuple[str, ...]) -> None:
        for choice, chip in self.chips.items():
            quietly(chip, partial(chip.setChecked, choice in value))


class TextField(Field):
    """A text, or a list with commas between. Keeps the last valid value while one is typed."""

    def __init__(self, setting: Setting, name: str, parent: QWidget | None = None) -> None:
        super().__init__(setting, name, parent)
        self.edit = QLineEdit()
        self.enter(self.edit)
        if setting.many:
            self.edit.setPlaceholderText("several, with commas between")
        self.row.addWidget(self.edit, 1)
        empty: Any = () if setting.many else ""
        self._value = setting.default if setting.default is not None else empty
        self.set_value(self._value)
        self.edit.textEdited.connect(self._take)

    def value(self) -> Any:
        return self._value

    def set_value(self, value: Any) -> None:
        if self.edit.hasFocus() and value == self._value:
            return  # what is being typed means this already
        self._value = value
        text = ", ".join(_short(item) for item in value) if self.setting.many else str(value)
        self.edit.setText(text)
        self.edit.setCursorPosition(0)  # a long text is read from its beginning
        self._mark("")

    def _take(self, text: str) -> None:
        try:
            value = self._read(text)
        except UserError as error:
            self._mark(f"{error.message}: {error.hint}")
            return
        self._mark("")
        if value != self._value:
            self._value = value
            self.changed.emit()

    def _read(self, text: str) -> Any:
        if not self.setting.many:
            return self.setting.check(text)
        return self.setting.check([part.strip() for part in text.split(",") if part.strip()])

    def _mark(self, reason: str) -> None:
        wrong = bool(reason)
        self.edit.setToolTip(reason or self.setting.help)
        if self.edit.property("invalid") is not wrong:
            self.edit.setProperty("invalid", wrong)
            restyle(self.edit)


UNSET = "as it comes"


class OptionalField(Field):
    """Another field behind a switch; without the switch the value is None, and so it says."""

    def __init__(self, setting: Setting, name: str, inner: Field) -> None:
        super().__init__(setting, name)
        self.inner = inner
        self.check = QCheckBox()
        self.enter(self.check, "_set")
        self.unset = label(UNSET, "secondary")
        self.setMinimumHeight(theme.CONTROL)
        self.row.addWidget(self.check)
        self.row.addWidget(self.unset, 1)
        self.row.addWidget(inner, 1)
        self.set_value(setting.default)
        self.check.toggled.connect(self._show)
        self.check.toggled.connect(self.changed)
        inner.changed.connect(self.changed)

    def value(self) -> Any:
        return self.inner.value() if self.check.isChecked() else None

    def set_value(self, value: Any) -> None:
        quietly(self.check, lambda: self.check.setChecked(value is not None))
        self._show(value is not None)
        if value is not None:
            self.inner.set_value(value)

    def _show(self, given: bool) -> None:
        self.inner.setEnabled(given)
        self.inner.setVisible(given)
        self.unset.setVisible(not given)


def field_for(setting: Setting, name: str) -> Field:
    """Return the editor that fits a setting; its main widget is called ``name``."""
    inner = _plain_field(setting, name)
    return OptionalField(setting, name, inner) if setting.optional else inner


def _plain_field(setting: Setting, name: str) -> Field:
    if setting.many:
        return (ChipsField if setting.kind == "choice" else TextField)(setting, name)
    kinds: dict[str, type[Field]] = {
        "int": NumberField,
        "float": NumberField,
        "bool": SwitchField,
        "choice": ChoiceField,
        "str": TextField,
    }
    return kinds[setting.kind](setting, name)


SHORT = {
    "rgb": "RGB", "hsv": "HSV", "lab": "Lab", "cpu": "CPU", "cuda": "CUDA", "mps": "MPS",
    "unit": "0 to 1", "signed": "−1 to 1", "imagenet": "as ImageNet has it", "raw": "as stored",
    "whole": "whole pictures", "tiles": "tiles at full size",
}  # fmt: skip


def in_words(choice: str) -> str:
    return SHORT.get(choice, choice.replace("_", " "))


def _short(item: Any) -> str:
    return f"{item:g}" if isinstance(item, float) else str(item)
