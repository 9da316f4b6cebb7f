"""Which class: a list of them by their names."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QWidget

from segstudio.domain.classes import UNLABELLED, LabelClass
from segstudio.gui.widgets.choices import class_square
from segstudio.gui.widgets.field import Field, quietly
from segstudio.gui.widgets.slider import guard_wheel
from segstudio.settings import Setting


class ClassField(Field):
    """Edits the number of a class by its name; 255 is "unlabelled", where the setting allows it.

    A number that no class has is shown as it is.
    """

    def __init__(
        self,
        setting: Setting,
        name: str,
        classes: Callable[[], Sequence[LabelClass]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(setting, name, parent)
        self._classes = classes
        self._id = int(setting.default)
        self.box = _Box()
        guard_wheel(self.box)
        self.box.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.enter(self.box)
        self.row.addWidget(self.box, 1)
        self.box.opening.connect(self._fill)
        self.box.activated.connect(self._take)
        self._fill()

    def value(self) -> int:
        return self._id

    def set_value(self, value: int) -> None:
        self._id = value
        self._fill()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fill()

    def _take(self, place: int) -> None:
        id = int(self.box.itemData(place))
        if id != self._id:
            self._id = id
            self.changed.emit()

    def _fill(self) -> None:
        quietly(self.box, self._offer)

    def _offer(self) -> None:
        self.box.clear()
        for label in self._classes():
            self.box.addItem(class_square(label), label.name, label.id)
        if self.setting.high is None or self.setting.high >= UNLABELLED:
            self.box.addItem("unlabelled", UNLABELLED)
        if self.box.findData(self._id) < 0:
            self.box.addItem(f"no class {self._id}", self._id)
        self.box.setCurrentIndex(self.box.findData(self._id))


class _Box(QComboBox):
    """Says that its list is about to open: the classes may have changed."""

    opening = Signal()

    def showPopup(self) -> None:
        self.opening.emit()
        super().showPopup()
