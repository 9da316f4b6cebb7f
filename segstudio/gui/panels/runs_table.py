"""The table of runs: sorted by a click on a head, several rows chosen at once."""

from PySide6.QtCore import QSortFilterProxyModel, Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QHeaderView, QTableView, QWidget

from segstudio.gui import theme
from segstudio.gui.panels.runs_model import RUN, SORT, Column, RunsModel

WIDTHS = {
    Column.RUN: 66, Column.NETWORK: 124, Column.MIOU: 116, Column.SETTINGS: 128,
    Column.PARAMETERS: 98, Column.SECONDS: 92, Column.MEMORY: 76, Column.WHEN: 80, Column.TAGS: 96,
    Column.NOTE: 160,
}  # fmt: skip


class RunsTable(QTableView):
    """Equal rows, several of which can be chosen; letters stay the keys of tools."""

    def __init__(self, model: RunsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runs_table")
        self.setAccessibleName("Runs")
        self.sorted = QSortFilterProxyModel(self)
        self.sorted.setSourceModel(model)
        self.sorted.setSortRole(SORT)
        self.setModel(self.sorted)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setSortingEnabled(True)
        self.setWordWrap(False)
        self._hide_unused()
        self.verticalHeader().setDefaultSectionSize(theme.CONTROL)
        self._prepare_head()
        self.sortByColumn(Column.RUN, Qt.SortOrder.DescendingOrder)
        theme.notifier.changed.connect(self.viewport().update)

    def _hide_unused(self) -> None:
        corner = self.findChild(QAbstractButton)
        assert isinstance(corner, QAbstractButton)
        unused: tuple[tuple[QWidget, str], ...] = (
            (self.verticalHeader(), "runs_numbers"), (corner, "runs_corner"),
        )  # fmt: skip
        for part, name in unused:
            part.setObjectName(name)
            part.setAccessibleName("Choose all runs")
            part.hide()

    def _prepare_head(self) -> None:
        head = self.horizontalHeader()
        head.setObjectName("runs_head")
        head.setAccessibleName("Columns of the runs")
        head.setHighlightSections(False)
        head.setStretchLastSection(True)
        head.setSectionsMovable(True)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for column, width in WIDTHS.items():
            self.setColumnWidth(column, width)

    def keyboardSearch(self, search: str) -> None:
        """Letters are no beginnings of names here."""

    # -- what is chosen --------------------------------------------------------------

    def chosen(self) -> list[int]:
        """Return the numbers of the chosen runs; the current one stands first."""
        model = self.selectionModel()
        found: list[int] = [index.data(RUN) for index in model.selectedRows()]
        current = model.currentIndex().data(RUN)
        return sorted(found, key=lambda id: (id != current, -id))

    def choose(self, ids: list[int]) -> None:
        """Choose runs by their numbers."""
        model = self.selectionModel()
        model.clearSelection()
        for row in range(self.sorted.rowCount()):
            index = self.sorted.index(row, 0)
            if index.data(RUN) in ids:
                flags = model.SelectionFlag.Select | model.SelectionFlag.Rows
                model.select(index, flags)
                if index.data(RUN) == ids[0]:
                    model.setCurrentIndex(index, flags)
