"""Where a run goes wrong: which classes it confuses, and in which pictures it is worst."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QVBoxLayout, QWidget

from segstudio.gui import theme
from segstudio.gui.panels.images_row import stem
from segstudio.gui.panels.queue_delegate import IMAGE, REASON, ROW, SCORE, QueueDelegate
from segstudio.gui.panels.thumbnails import Thumbnails
from segstudio.gui.session import Session
from segstudio.gui.widgets.confusion import ConfusionView
from segstudio.gui.widgets.labels import SectionHeader
from segstudio.gui.widgets.rows_view import RowsView

if TYPE_CHECKING:
    from segstudio.workflows.curves import Curves
    from segstudio.workflows.run_table import RunRow

SHOWN = 30
"""Of the worst pictures."""

GREY = (128, 128, 128)
"""Of classes that the project has no more."""


class RunErrors(QWidget):
    """The confusion of one run, and its worst pictures; a click on one asks to see it."""

    picture_requested = Signal(int, int)  # picture, run

    def __init__(
        self, session: Session, thumbnails: Thumbnails, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("runs_errors")
        self._session = session
        self._row: RunRow | None = None
        self.title = SectionHeader("Confusion", "runs_confusion")
        self.confusion = ConfusionView("runs_confusion")
        self.worst_title = SectionHeader("Worst pictures", "runs_worst")
        self.model = QStandardItemModel(self)
        self.worst = RowsView()
        self.worst.setObjectName("runs_worst_list")
        self.worst.setAccessibleName("Worst pictures")
        self.worst.setToolTip("Click to see where the model differs from the mask")
        self.worst.setModel(self.model)
        self.worst.setItemDelegate(QueueDelegate(thumbnails, self.worst))
        self.worst.setMinimumHeight(2 * ROW)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.GAP, 0, 0, 0)
        column.setSpacing(theme.GRID)
        for part in (self.title, self.confusion, self.worst_title):
            column.addWidget(part)
        column.addWidget(self.worst, 1)
        column.addStretch(0)
        self.worst.clicked.connect(self._ask)
        self.worst.activated.connect(self._ask)
        thumbnails.arrived.connect(lambda _: self.worst.viewport().update())

    def show_run(self, row: "RunRow | None", curves: "Curves | None") -> None:
        """Show a run, as far as its record and its curves are known."""
        self._row = row
        self._show_confusion(row)
        self._show_worst(row, curves)

    def _show_confusion(self, row: "RunRow | None") -> None:
        metrics = row.run.metrics if row else {}
        names = list(metrics.get("iou") or {})
        matrix = metrics.get("confusion") or []
        there = row is not None and bool(names) and len(matrix) == len(names)
        self.title.setVisible(there)
        self.confusion.setVisible(there)
        if row is not None and there:
            colours = {label.name: label.colour for label in self._session.classes}
            self.confusion.set_matrix(names, [colours.get(name, GREY) for name in names], matrix)
            self.title.set_note(f"run {row.run.id}, %")

    def _show_worst(self, row: "RunRow | None", curves: "Curves | None") -> None:
        """List the pictures of the evaluation whose weights were kept."""
        images, found = self._session.images, []
        if row is not None and curves is not None and curves.worst:
            kept = curves.worst.get(row.run.metrics.get("best_step", -1))
            found = kept or list(curves.worst.values())[-1]
        self.model.clear()
        for each in [each for each in found if each["image"] in images][:SHOWN]:
            image = images[each["image"]]
            item = QStandardItem(stem(image.name))
            item.setData(image.id, IMAGE)
            item.setData(each["miou"], SCORE)
            item.setData("mIoU of this picture alone", REASON)
            item.setToolTip(f"{image.name}: mIoU {each['miou']:.4f}")
            self.model.appendRow(item)
        there = self.model.rowCount() > 0
        self.worst_title.setVisible(there)
        self.worst.setVisible(there)

    def _ask(self, index: QModelIndex) -> None:
        if self._row is not None:
            self.picture_requested.emit(index.data(IMAGE), self._row.run.id)
