"""What the editors of settings have in common."""

from abc import abstractmethod
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from segstudio.gui import theme
from segstudio.settings import Setting


class Field(QWidget):
    """An editor of one setting. ``value`` is always valid; ``changed`` comes with each new one."""

    changed = Signal()

    def __init__(self, setting: Setting, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setting = setting
        self.name = name
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(theme.GAP)

    # Qt's metaclass lets no class be an ABC: mypy alone sees to it that editors have both.
    @abstractmethod
    def value(self) -> Any:
        """Return the setting as it stands in the editor."""

    @abstractmethod
    def set_value(self, value: Any) -> None:
        """Show a value without saying `changed`."""

    def enter(self, widget: QWidget, suffix: str = "") -> None:
        """Name a part of the editor, for tests and for screen readers, and give it its tip."""
        widget.setObjectName(self.name + suffix)
        words = " " + suffix.strip("_").replace("_", " ") if suffix else ""
        widget.setAccessibleName(self.setting.label + words)
        widget.setToolTip(self.setting.help)


def quietly(widget: QWidget, act: Callable[[], object]) -> None:
    """Change a widget without its saying so."""
    widget.blockSignals(True)
    act()
    widget.blockSignals(False)
