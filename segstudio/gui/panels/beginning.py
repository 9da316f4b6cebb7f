"""The choice of the weights that a training begins from."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from segstudio.errors import UserError
from segstudio.gui.beginnings import ANOTHER
from segstudio.gui.training import Training
from segstudio.gui.widgets.choices import combo

TIP = "Weights to begin from: with few labels, those that have seen other pictures learn more"


class BeginningChoice(QWidget):
    """Offers what suits the network; models are looked for as soon as somebody sees it."""

    file_requested = Signal()

    def __init__(self, training: Training, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._training = training
        self.box = combo("train_begin", "Begin from", TIP)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.box)
        self.box.activated.connect(self._choose)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._training.beginnings.read()
        self.show_offered()

    def show_offered(self) -> None:
        """Show what the next training can begin from, and what it does."""
        beginnings = self._training.beginnings
        if not beginnings.was_read:
            return
        try:
            choice = self._training.choice()
        except UserError:
            return  # said when it is to begin
        offered = beginnings.offered(choice)
        shown = {self.box.itemData(at): self.box.itemText(at) for at in range(self.box.count())}
        if shown != offered:
            self.box.clear()
            for name, title in offered.items():
                self.box.addItem(title, name)
        self.box.setCurrentIndex(self.box.findData(beginnings.taken(choice)))

    def _choose(self, index: int) -> None:
        name = self.box.itemData(index)
        if name == ANOTHER:
            self.show_offered()  # until there is a file
            self.file_requested.emit()
        else:
            self._training.beginnings.chose = name
            self._training.changed.emit()
