"""Editors of settings that take little room beside each other, as in a strip."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QDoubleSpinBox,
    QSpinBox,
    QToolButton,
    QWidget,
)

from segstudio.gui import icons, theme
from segstudio.gui.widgets.buttons import label
from segstudio.gui.widgets.field import Field, quietly
from segstudio.gui.widgets.fields import ChoiceField, field_for, in_words
from segstudio.gui.widgets.slider import guard_wheel
from segstudio.settings import Setting

SEGMENTS = 3
"""A choice of more words than these is a list to be opened."""
NUMBER = 64
"""Width of a number, in px."""
COMBO = 96


def _flat_button(text: str) -> QToolButton:
    made = QToolButton()
    made.setText(text)
    made.setCheckable(True)
    made.setMinimumHeight(theme.CONTROL)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return made


class ToggleField(Field):
    """Yes or no: a button with the setting's name that stays down."""

    def __init__(self, setting: Setting, name: str, parent: QWidget | None = None) -> None:
        super().__init__(setting, name, parent)
        self.button = _flat_button(setting.label)
        self.enter(self.button)
        self.row.addWidget(self.button)
        self.set_value(bool(setting.default))
        self.button.toggled.connect(self.changed)

    def value(self) -> bool:
        return self.button.isChecked()

    def set_value(self, value: bool) -> None:
        quietly(self.button, lambda: self.button.setChecked(value))


class SegmentsField(Field):
    """One of a few words, side by side; exactly one is down. ``pictures`` names their icons."""

    def __init__(
        self,
        setting: Setting,
        name: str,
        pictures: Mapping[str, str] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(setting, name, parent)
        self.row.setSpacing(0)
        self._group = QButtonGroup(self)
        self.buttons: dict[str, QToolButton] = {}
        for choice in setting.choices:
            words = in_words(choice)
            made = _flat_button(words[:1].upper() + words[1:])
            made.setObjectName(f"{name}_{choice}")
            made.setAccessibleName(f"{setting.label}: {words}")
            made.setToolTip(setting.help)
            if pictures:
                icons.set_icon(made, pictures[choice])
                made.setIconSize(QSize(16, 16))
                made.setMinimumWidth(theme.CONTROL)
                made.setToolTip(made.accessibleName())
            self._group.addButton(made)
            self.row.addWidget(made)
            self.buttons[choice] = made
            made.clicked.connect(self.changed)
        self.setObjectName(name)
        self.set_value(str(setting.default))

    def value(self) -> str:
        return next(choice for choice, made in self.buttons.items() if made.isChecked())

    def set_value(self, value: str) -> None:
        for choice, made in self.buttons.items():
            quietly(made, partial(made.setChecked, choice == value))


class SmallNumberField(Field):
    """A number behind its name."""

    def __init__(self, setting: Setting, name: str, parent: QWidget | None = None) -> None:
        super().__init__(setting, name, parent)
        self.row.setSpacing(theme.GRID)
        self.box: QSpinBox | QDoubleSpinBox = self._make_box()
        self.enter(self.box)
        words = label(setting.label, "dim")
        words.setToolTip(setting.help)
        self.row.addWidget(words)
        self.row.addWidget(self.box)
        self.set_value(setting.default)
        self.box.valueChanged.connect(self.changed)

    def _make_box(self) -> QSpinBox | QDoubleSpinBox:
        setting = self.setting
        low = -(2**31) + 1 if setting.low is None else setting.low
        high = 2**31 - 1 if setting.high is None else setting.high
        box: QSpinBox | QDoubleSpinBox
        if setting.kind == "int":
            box = QSpinBox()
            box.setRange(int(low), int(high))
            box.setSingleStep(int(setting.step or 1))
        else:
            box = QDoubleSpinBox()
            box.setRange(low, high)
            box.setSingleStep(setting.step or 0.1)
        box.setKeyboardTracking(False)  # 120 is meant, not 1, 12 and 120
        box.setFont(theme.figures())
        box.setFixedWidth(NUMBER)
        guard_wheel(box)
        return box

    def value(self) -> int | float:
        return self.box.value()

    def set_value(self, value: float) -> None:
        quietly(self.box, partial(self.box.setValue, value))  # type: ignore[arg-type]


class NamedField(Field):
    """Any other editor, behind the setting's name."""

    def __init__(self, inner: Field) -> None:
        super().__init__(inner.setting, inner.name)
        self.inner = inner
        self.row.setSpacing(theme.GRID)
        self.row.addWidget(label(inner.setting.label, "dim"))
        self.row.addWidget(inner)
        inner.changed.connect(self.changed)

    def value(self) -> Any:
        return self.inner.value()

    def set_value(self, value: Any) -> None:
        self.inner.set_value(value)


def compact_field(setting: Setting, name: str, pictures: Mapping[str, str] | None = None) -> Field:
    """Return the small editor that fits a setting; its main widget is called ``name``."""
    plain = not (setting.many or setting.optional)
    if plain and setting.kind == "bool":
        return ToggleField(setting, name)
    if plain and setting.kind == "choice" and len(setting.choices) <= SEGMENTS:
        return SegmentsField(setting, name, pictures)
    if plain and setting.kind in ("int", "float"):
        return SmallNumberField(setting, name)
    inner = field_for(setting, name)
    if isinstance(inner, ChoiceField):
        inner.combo.setMinimumWidth(COMBO)
    return NamedField(inner)
