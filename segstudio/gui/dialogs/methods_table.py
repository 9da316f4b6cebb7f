"""The table of what each method reaches: its rows, their order, and how they are painted."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSortFilterProxyModel,
    Qt,
)
from PySide6.QtGui import QFont, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from segstudio.gui import theme

if TYPE_CHECKING:
    from segstudio.workflows.study_methods import Row

Index = QModelIndex | QPersistentModelIndex

METHOD, SETTINGS, LEARNS, MIOU, PACE, FIRST_CLASS = range(6)
HEADINGS = ("Method", "Settings", "Learns from", "mIoU", "s/Mpx")
TIPS = (
    "Double-click a row, or press Enter, to use it",
    "What differs from the method's defaults, and numbers of regions",
    "Masks only name the regions; strokes are random pixels of each class",
    "Mean IoU over the classes: 1 is perfect",
    "Seconds for a megapixel, without reading the file",
)

LEARNING = {"none": "masks", "project": "strokes", "picture": "own strokes"}
LEARNING_TIPS = {
    "none": "Finds regions without help; the masks of the pictures learned from name them",
    "project": "Learns from pixels of each class of the pictures learned from",
    "picture": "Needs strokes on each picture, and has them on those it is measured on: "
    "not to be compared with the others",
}

SORT = int(Qt.ItemDataRole.UserRole)
ROW = SORT + 1
SHARE = SORT + 2
"""How much of the best a figure is: what is drawn as a bar."""

AS_IT_COMES = "as it comes"
"""Stands for settings that are all the method's own."""

MEASURED, APART, FAILED = range(3)
"""Rows that may be compared come first, those with strokes of their own next."""


class MethodsModel(QAbstractTableModel):
    """The rows in the order in which they were measured."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []
        self._classes: list[str] = []
        self._best: dict[int, float] = {}

    def set_rows(self, rows: Sequence["Row"], classes: Sequence[str]) -> None:
        self.beginResetModel()
        self._rows, self._classes = list(rows), list(classes)
        self._find_best()
        self.endResetModel()

    def holds(self, rows: Sequence["Row"], classes: Sequence[str]) -> bool:
        """Tell whether these are what is shown."""
        return self._rows == list(rows) and self._classes == list(classes)

    def append(self, row: "Row") -> None:
        place = len(self._rows)
        self.beginInsertRows(QModelIndex(), place, place)
        self._rows.append(row)
        self._find_best()
        self.endInsertRows()
        if place:
            self.dataChanged.emit(self.index(0, MIOU), self.index(place, self.columnCount() - 1))

    def _find_best(self) -> None:
        """Find the best figure of each column, among the rows that may be compared."""
        self._best = {}
        for row in self._rows:
            if group_of(row) == MEASURED:
                for column in (MIOU, *range(FIRST_CLASS, self.columnCount())):
                    value = self._figure(row, column)
                    if value is not None and value > self._best.get(column, 0.0):
                        self._best[column] = value

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else FIRST_CLASS + len(self._classes)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return (*HEADINGS, *self._classes)[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            return TIPS[section] if section < FIRST_CLASS else f"IoU of {self._class(section)}"
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(section)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], index.column()
        if role == ROW:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(row, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return _tip(row, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(column)
        if role == SORT:
            return self._key(row, column)
        if role == SHARE:
            return self._share(row) if column == MIOU else None
        if role == Qt.ItemDataRole.FontRole:
            return self._font(row, column)
        if role == Qt.ItemDataRole.ForegroundRole:
            quiet = group_of(row) != MEASURED or self._text(row, column) == AS_IT_COMES
            return theme.colour("text_dim") if quiet else None
        return None

    def _share(self, row: "Row") -> float | None:
        best = self._best.get(MIOU, 0.0)
        return None if row.miou is None or not best else min(row.miou / best, 1.0)

    def _class(self, column: int) -> str:
        return self._classes[column - FIRST_CLASS]

    def _figure(self, row: "Row", column: int) -> float | None:
        if column == MIOU:
            return row.miou
        if column == PACE:
            return row.seconds_per_megapixel
        return row.confusion.iou[column - FIRST_CLASS] if row.confusion is not None else None

    def _text(self, row: "Row", column: int) -> str:
        if column == METHOD:
            return row.settings.title
        if column == SETTINGS:
            return row.reason if row.confusion is None else told(row) or AS_IT_COMES
        if column == LEARNS:
            return LEARNING[row.seeds]
        value = self._figure(row, column)
        if value is None:
            return "–"
        return f"{value:.3f}"

    def _key(self, row: "Row", column: int) -> Any:
        if column < MIOU:
            return self._text(row, column).casefold()
        value = self._figure(row, column)
        return -1.0 if value is None else value

    def _font(self, row: "Row", column: int) -> QFont | None:
        if column < MIOU:
            return None
        value = self._figure(row, column)
        best = value is not None and group_of(row) == MEASURED and value == self._best.get(column)
        weight = QFont.Weight.DemiBold if best else QFont.Weight.Normal
        return theme.figures(theme.BODY, weight)


class MethodsOrder(QSortFilterProxyModel):
    """The rows by a column; which may be compared stand first whichever way it is sorted."""

    def __init__(self, source: MethodsModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setSourceModel(source)
        self.setSortRole(SORT)

    def lessThan(self, left: Index, right: Index) -> bool:
        one, other = group_of(left.data(ROW)), group_of(right.data(ROW))
        if one != other:
            return (one < other) == (self.sortOrder() == Qt.SortOrder.AscendingOrder)
        return bool(left.data(SORT) < right.data(SORT))

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        found = super().headerData(section, orientation, role)
        if role == Qt.ItemDataRole.DisplayRole and section == self.sortColumn():
            # Qt's own arrow would stand on the letters of a narrow column.
            falls = self.sortOrder() == Qt.SortOrder.DescendingOrder
            return f"{found} {'↓' if falls else '↑'}"
        return found


class FigureCell(QStyledItemDelegate):
    """Draws how much of the best a figure is as a thin bar before it, as `ImportanceBars` does."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        share = index.data(SHARE)
        if share is not None:
            figure = option.fontMetrics.horizontalAdvance("0.000") + 2 * theme.GROUP
            area = QRectF(option.rect)
            track = QRectF(
                area.left() + theme.GAP, area.center().y() - 2, area.width() - figure - theme.GAP, 4
            )
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            best = share == 1 and group_of(index.data(ROW)) == MEASURED
            painter.setBrush(theme.colour("accent" if best else "text_disabled"))
            track.setWidth(max(track.width() * share, 2))
            painter.drawRoundedRect(track, 2, 2)
            painter.restore()


class _Rows(QTableView):
    """A table whose letters search nothing: they are the window's keys."""

    def keyboardSearch(self, search: str) -> None:
        pass

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()  # the sheet uses the row
        else:
            super().keyPressEvent(event)


def rows_table(order: MethodsOrder) -> QTableView:
    """Return the table of the rows in their order."""
    made = _Rows()
    made.setObjectName("methods_table")
    made.setAccessibleName("Methods, the best first")
    made.setModel(order)
    made.setItemDelegateForColumn(MIOU, FigureCell(made))
    made.setSortingEnabled(True)
    made.setShowGrid(False)
    made.setWordWrap(False)
    made.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    made.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    made.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    made.setTabKeyNavigation(False)
    made.verticalHeader().hide()
    made.verticalHeader().setDefaultSectionSize(theme.CONTROL)
    header = made.horizontalHeader()
    header.setObjectName("methods_columns")
    header.setHighlightSections(False)
    header.setSortIndicatorShown(False)  # the heading says it, see `MethodsOrder`
    header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    header.setMinimumSectionSize(56)
    return made


def group_of(row: "Row") -> int:
    """Return with which rows one stands."""
    if row.confusion is None:
        return FAILED
    return APART if row.seeds == "picture" else MEASURED


def told(row: "Row") -> str:
    """Return the settings of a row in words."""
    from segstudio.workflows.study_candidates import told_settings

    values = told_settings(row.settings)
    return ", ".join(f"{name.replace('_', ' ')} {_word(value)}" for name, value in values.items())


def _word(value: Any) -> str:
    return " ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _tip(row: "Row", column: int) -> str | None:
    if row.reason:
        refused = f"Refused {row.refused} of the pictures: " if row.refused else ""
        return refused + row.reason
    return LEARNING_TIPS[row.seeds] if column == LEARNS else None


def _side(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column >= MIOU else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
