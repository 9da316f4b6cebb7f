"""The options of one tool in a row; what there is no room for opens from a button."""

from dataclasses import asdict, fields
from typing import Any

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from segstudio.gui import theme
from segstudio.gui.widgets.buttons import icon_button
from segstudio.gui.widgets.compact_fields import compact_field
from segstudio.gui.widgets.field import Field
from segstudio.settings import build, settings_of


class OptionsRow(QWidget):
    """Edits a frozen dataclass live; ``changed`` brings the new one.

    The editor of a field is called ``<prefix>_<field>``. Metadata of a field besides those of
    every setting: ``needs`` names another without which it means nothing, ``rare`` keeps it
    behind the button, ``icons`` gives those of its choices.
    """

    changed = Signal(object)

    def __init__(self, prefix: str, options: Any, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"{prefix}_options")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._part = type(options)
        metadata = {f.name: f.metadata for f in fields(options)}
        self._needs = {name: found.get("needs", "") for name, found in metadata.items()}
        self._rare = {name for name, found in metadata.items() if found.get("rare")}
        self._more = icon_button("more", f"{prefix}_more", "More options")
        self._more.setParent(self)
        self._more.clicked.connect(self._open)
        self._popup = QFrame(self, Qt.WindowType.Popup)
        self._popup.setObjectName(f"{prefix}_more_options")
        self._popup.setProperty("role", "popup")
        self._column = QVBoxLayout(self._popup)
        self._column.setContentsMargins(theme.GROUP, theme.GAP, theme.GROUP, theme.GAP)
        self.fields: dict[str, Field] = {}
        for setting in settings_of(self._part):
            field = compact_field(
                setting, f"{prefix}_{setting.name}", metadata[setting.name].get("icons")
            )
            field.setParent(self)
            field.changed.connect(self._take)
            self.fields[setting.name] = field
        self.set_value(options)

    def value(self) -> Any:
        """Return the options as they are shown."""
        return build(self._part, {name: field.value() for name, field in self.fields.items()})

    def set_value(self, options: Any) -> None:
        """Show other options without saying `changed`."""
        for name, value in asdict(options).items():
            self.fields[name].set_value(value)
        self._arrange()

    def _take(self) -> None:
        self._arrange()
        self.changed.emit(self.value())

    # -- room ------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        shown = [field.sizeHint().width() for field in self._usual()]
        if self._rare:
            shown.append(self._more.sizeHint().width())
        return QSize(sum(shown) + theme.GAP * max(len(shown) - 1, 0), theme.CONTROL)

    def minimumSizeHint(self) -> QSize:
        """As narrow as the button: a narrow window must not grow for the options."""
        least = min(self.sizeHint().width(), self._more.sizeHint().width())
        return QSize(least, theme.CONTROL)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _wanted(self) -> list[Field]:
        """Return the fields that mean something now."""
        return [
            field
            for name, field in self.fields.items()
            if not self._needs[name] or self.fields[self._needs[name]].value()
        ]

    def _usual(self) -> list[Field]:
        """Return those of them that stand in the row where there is room."""
        return [field for field in self._wanted() if field.setting.name not in self._rare]

    def _arrange(self) -> None:
        """Put as many fields as there is room for side by side, the others behind the button."""
        wanted, usual = self._wanted(), self._usual()
        button = self._more.sizeHint().width()
        all_fit = self.sizeHint().width() <= self.width()
        room = self.width() if all_fit and not self._rare else self.width() - button - theme.GAP
        x, full = 0, False
        for field in self.fields.values():
            wide = field.sizeHint().width()
            full = full or (field in usual and x + wide > room)
            out = full or field.setting.name in self._rare
            self._place(field, x, out)
            field.setVisible(field in wanted)
            if field in usual and not out:
                x += wide + theme.GAP
        self._more.setVisible(full or bool(self._rare))
        self._more.setGeometry(x, 0, button, theme.CONTROL)
        if not self._more.isVisibleTo(self):
            self._popup.hide()
        self._popup.adjustSize()
        self.updateGeometry()

    def _place(self, field: Field, x: int, out: bool) -> None:
        inside = field.parent() is self
        if out and inside:
            self._column.addWidget(field)
        elif not out:
            if not inside:
                self._column.removeWidget(field)
                field.setParent(self)
            field.setGeometry(x, 0, field.sizeHint().width(), theme.CONTROL)

    def _open(self) -> None:
        self._popup.adjustSize()
        self._popup.move(self._more.mapToGlobal(QPoint(0, self._more.height() + theme.GRID)))
        self._popup.show()
