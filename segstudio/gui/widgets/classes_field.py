"""Which classes: a button that opens the list of them."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QMenu,
    QPushButton,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QWidget,
)

from segstudio.domain.classes import LabelClass
from segstudio.gui import theme
from segstudio.gui.widgets.field import Field
from segstudio.settings import Setting

INSET = 9
"""Of the text from the left edge, in px: as in a box of choices."""


class ClassesField(Field):
    """Edits numbers of classes by their names; ``none`` is what it says where none is chosen."""

    def __init__(
        self,
        setting: Setting,
        name: str,
        classes: Callable[[], Sequence[LabelClass]],
        none: str = "All classes",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(setting, name, parent)
        self._classes, self._none = classes, none
        self._ids: tuple[int, ...] = ()
        self.choose = _Choice(none)
        self.enter(self.choose)
        self.choose.setMinimumWidth(40)
        self.menu = QMenu(self)
        self.menu.setObjectName(f"{name}_menu")
        self.menu.setAccessibleName(setting.label)
        self.menu.aboutToShow.connect(self._fill)
        self.choose.setMenu(self.menu)
        self.row.addWidget(self.choose, 1)

    def value(self) -> tuple[int, ...]:
        return self._ids

    def set_value(self, value: Sequence[int]) -> None:
        self._ids = tuple(value)
        self._write()

    def toggle(self, id: int) -> None:
        """Choose a class, or no more."""
        kept = [other for other in self._ids if other != id]
        self._ids = tuple(kept if id in self._ids else sorted((*kept, id)))
        self._write()
        self.changed.emit()

    def _fill(self) -> None:
        self.menu.clear()
        for label in self._classes():
            action = QAction(label.name, self.menu)
            action.setObjectName(f"action_{self.name}_{label.id}")
            action.setCheckable(True)
            action.setChecked(label.id in self._ids)
            action.triggered.connect(lambda _=False, id=label.id: self.toggle(id))
            self.menu.addAction(action)

    def _write(self) -> None:
        """Write the names, as far as there is room; the tool tip has all of them."""
        known = {label.id: label.name for label in self._classes()}
        text = ", ".join(known.get(id, str(id)) for id in self._ids) or self._none
        self.choose.setToolTip(f"{text}: {self.setting.help}" if self._ids else self.setting.help)
        room = max(self.choose.width() - 40, 40)
        elide = Qt.TextElideMode.ElideRight
        self.choose.setText(self.choose.fontMetrics().elidedText(text, elide, room))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._write()


class _Choice(QPushButton):
    """Writes where the boxes beside it do; a style sheet moves no text of a button with a menu."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, option = QStylePainter(self), QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        painter.setPen(theme.colour("text" if self.isEnabled() else "text_disabled"))
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(self.rect().adjusted(INSET, 0, 0, 0), left, self.text())
