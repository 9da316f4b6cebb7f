"""The list of pictures and the field that searches it, as far as keys and painting go."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from segstudio.gui.panels.images_model import Index
from segstudio.gui.panels.images_row import ImageRow
from segstudio.gui.widgets.rows_view import RowsView


class SearchField(QLineEdit):
    """Words to search for; Esc clears them, and leaves the field when there are none."""

    def event(self, event: QEvent) -> bool:
        # Enter and Esc are commands of the window, but not while words are typed here.
        own = (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        asked = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if asked and isinstance(event, QKeyEvent) and event.key() in own:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.text():
            self.clear()
        else:
            self.clearFocus()


class ImageListView(RowsView):
    """A list that leaves letters to the canvas, and asks for thumbnails of its own screen."""

    asked_menu = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choose_several()
        self.customContextMenuRequested.connect(
            lambda place: self.asked_menu.emit(self.viewport().mapToGlobal(place))
        )

    def dataChanged(self, first: Index, last: Index, roles: Sequence[int] = ()) -> None:
        # Qt would lay out all rows again, 30 ms for 20,000; they only look different.
        self.viewport().update(self.visualRect(first).united(self.visualRect(last)))

    def select_rows(self, stretches: Iterable[tuple[int, int]]) -> None:
        """Select rows, given by the first and last of each stretch, besides those that are."""
        model, chosen = self.model(), QItemSelection()
        for first, last in stretches:
            chosen.select(model.index(first, 0), model.index(last, 0))
        self.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.Select)

    def in_sight(self) -> range:
        """Return the rows on the screen."""
        model = self.model()
        if not model.rowCount():
            return range(0)
        area = self.viewport().rect()
        first, last = self.indexAt(area.topLeft()), self.indexAt(area.bottomLeft())
        return range(
            first.row() if first.isValid() else 0,
            (last.row() if last.isValid() else model.rowCount() - 1) + 1,
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        delegate = self.itemDelegate()
        if isinstance(delegate, ImageRow):
            delegate.begin(self.devicePixelRatioF(), self.in_sight())
        super().paintEvent(event)
