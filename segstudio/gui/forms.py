"""Forms made from the settings of a part."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict
from typing import Any, Generic, TypeVar, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from segstudio.gui import icons, theme
from segstudio.gui.widgets.buttons import button, label
from segstudio.gui.widgets.field import Field
from segstudio.gui.widgets.fields import field_for
from segstudio.gui.widgets.named_rows import NamedRows
from segstudio.settings import Setting, build, settings_of

P = TypeVar("P")

LONGEST = 124
"""Px that the name of a setting takes at most: the narrowest panel has room for it and a field."""


class SettingsForm(QWidget, Generic[P]):
    """The settings of one part, each in a row; ``changed`` comes live while they are moved.

    The editor of a field is called ``<prefix>_<field>``; the slider beside a number
    ``<prefix>_<field>_slider``, the switch before an optional one ``<prefix>_<field>_set``.
    Without a prefix the part's class name in snake_case is taken. ``editors`` makes those of
    some fields in another way than by their kind; fields to ``leave_out`` have no row. Settings
    that few people change are shown when ``<prefix>_more`` is pressed.
    """

    changed = Signal()

    def __init__(
        self,
        part: type[P],
        parent: QWidget | None = None,
        prefix: str | None = None,
        editors: Mapping[str, Callable[[Setting, str], Field]] | None = None,
        leave_out: Collection[str] = (),
    ) -> None:
        super().__init__(parent)
        self.part = part
        prefix = snake_case(part.__name__) if prefix is None else prefix
        self.setObjectName(f"{prefix}_form")
        self.fields: dict[str, Field] = {}
        self.more: QPushButton | None = None
        self._folded: list[QWidget] = []
        self._grid = NamedRows(self)
        settings = [setting for setting in settings_of(part) if setting.name not in leave_out]
        for setting in sorted(settings, key=lambda setting: setting.more):
            if setting.more and self.more is None:
                self.more = self._fold(prefix)
            make = (editors or {}).get(setting.name, field_for)
            self._add_row(setting, make(setting, f"{prefix}_{setting.name}"))
        # The order of the settings, not that on the screen.
        self.fields = {setting.name: self.fields[setting.name] for setting in settings}
        self.show_more(False)

    def _add_row(self, setting: Setting, field: Field) -> None:
        field.changed.connect(self.changed)
        name = _name(setting)
        row = self._grid.rowCount()
        self._grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(field, row, 1)
        self.fields[setting.name] = field
        if setting.more:
            self._folded += [name, field]

    def _fold(self, prefix: str) -> QPushButton:
        more = button(
            "More settings", f"{prefix}_more", "link", "chevron-right",
            "Show the settings that are seldom changed, or hide them",
        )  # fmt: skip
        more.setCheckable(True)
        more.toggled.connect(self.show_more)
        left = Qt.AlignmentFlag.AlignLeft
        self._grid.addWidget(more, self._grid.rowCount(), 0, 1, 2, left)
        return more

    @property
    def shows_more(self) -> bool:
        return self.more is not None and self.more.isChecked()

    def show_more(self, shown: bool) -> None:
        """Show the settings that are seldom changed, or hide them."""
        for widget in self._folded:
            widget.setVisible(shown)
        if self.more is not None:
            self.more.setChecked(shown)
            icons.set_icon(self.more, "chevron-down" if shown else "chevron-right")

    def values(self) -> dict[str, Any]:
        """Return the settings by name; every one is valid."""
        return {name: field.value() for name, field in self.fields.items()}

    def value(self) -> P:
        """Return the part with its settings."""
        return build(self.part, self.values())

    def set_value(self, part: P) -> None:
        """Show the settings of a part without saying `changed`."""
        self.set_values(asdict(cast(Any, part)))

    def set_values(self, values: dict[str, Any]) -> None:
        """Show some settings by name without saying `changed`; the others stay."""
        for name, field in self.fields.items():
            if name in values:
                field.set_value(values[name])


def _name(setting: Setting) -> QLabel:
    """Return the name before a field; what is too long for a panel stands in its tool tip."""
    name = label(setting.label, "dim")
    fitting = name.fontMetrics().elidedText(setting.label, Qt.TextElideMode.ElideRight, LONGEST)
    whole = f"{setting.label}: {setting.help}" if setting.help else setting.label
    name.setToolTip(setting.help if fitting == setting.label else whole)
    name.setText(fitting)
    name.setFixedHeight(theme.CONTROL)
    return name


def snake_case(name: str) -> str:
    """Return ``CamelCase`` as ``camel_case``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()
