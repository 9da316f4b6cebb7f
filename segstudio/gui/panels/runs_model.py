"""The runs of the project as a table, a column for each thing that one compares."""

from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from segstudio.gui import icons, theme
from segstudio.gui.models import Models
from segstudio.gui.panels.history_model import when

if TYPE_CHECKING:
    from segstudio.workflows.run_table import RunRow

Index = QModelIndex | QPersistentModelIndex

SORT = int(Qt.ItemDataRole.UserRole)
"""Role of what a cell is sorted by."""

RUN = SORT + 1
"""Role of the number of a row's run."""


class Column(IntEnum):
    """What stands where."""

    RUN, NETWORK, MIOU, SETTINGS, PARAMETERS, SECONDS, MEMORY, WHEN, TAGS, NOTE = range(10)


TITLES = (
    "Run", "Network", "mIoU", "Settings that differ", "Parameters", "s a picture", "Memory", "When",
    "Tags", "Note",
)  # fmt: skip
TIPS = {
    Column.MIOU: "Mean IoU on what was held back, and between which figures it lies in 95 of 100 "
    "cases",
    Column.SETTINGS: "The settings that are not the usual ones, and not the same in all runs",
    Column.SECONDS: "Seconds to predict a whole picture, at the last evaluation",
    Column.MEMORY: "The most that the program held until the end of the run; on a GPU, the network",
    Column.TAGS: "Words to find a run by, with commas between; double-click to write",
    Column.NOTE: "What is to be remembered; double-click to write",
}
EDITED = (Column.TAGS, Column.NOTE)
NUMBERS = (Column.RUN, Column.MIOU, Column.PARAMETERS, Column.SECONDS, Column.MEMORY)
STATUS = {"running": "training", "failed": "failed", "cancelled": "stopped"}


class RunsModel(QAbstractTableModel):
    """Follows `Models`; notes and tags are written by editing their cells."""

    def __init__(self, models: Models, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._models = models
        self.rows: list[RunRow] = []
        self._apart: dict[int, dict[str, Any]] = {}
        models.changed.connect(self._read)
        self._read()

    def _read(self) -> None:
        from segstudio.workflows.run_table import apart

        self._apart = apart(self._models.rows)
        if [row.run.id for row in self._models.rows] == [row.run.id for row in self.rows]:
            self.rows = self._models.rows
            if self.rows:
                last = self.index(len(self.rows) - 1, len(Column) - 1)
                self.dataChanged.emit(self.index(0, 0), last)
            return
        self.beginResetModel()
        self.rows = self._models.rows
        self.endResetModel()

    # -- what Qt asks ----------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(Column)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return TITLES[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            return TIPS.get(Column(section), TITLES[section])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _aligned(Column(section))
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() in EDITED else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not 0 <= index.row() < len(self.rows):
            return None
        row, column = self.rows[index.row()], Column(index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole if column == Column.SETTINGS:
                from segstudio.workflows.run_table import in_words

                return in_words(self._apart.get(row.run.id, {}))
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return shown(row, column)
            case Qt.ItemDataRole.ToolTipRole:
                return tip(row, column)
            case Qt.ItemDataRole.TextAlignmentRole:
                return _aligned(column)
            case Qt.ItemDataRole.DecorationRole if column == Column.RUN:
                ink = theme.current().accent if row.in_use else "#00000000"
                return icons.pixmap("accept", ink, 16)
            case Qt.ItemDataRole.ForegroundRole if column == Column.MIOU:
                return theme.colour("text" if row.run.status == "done" else "text_dim")
            case Qt.ItemDataRole.FontRole if column in (*NUMBERS, Column.WHEN):
                return theme.figures()
        if role == SORT:
            return sort_key(row, column)
        return row.run.id if role == RUN else None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        from segstudio.workflows.run_table import Remarks, tags_from

        if role != Qt.ItemDataRole.EditRole or index.column() not in EDITED:
            return False
        row, text = self.rows[index.row()], str(value).strip()
        old = row.remarks
        tags = tags_from(text) if index.column() == Column.TAGS else old.tags
        note = text if index.column() == Column.NOTE else old.note
        wanted = Remarks(note, tags)
        return wanted == old or self._models.remark(row.run.id, wanted) is not None


def shown(row: "RunRow", column: Column) -> str:
    """Return what stands in a cell."""
    from segstudio.workflows.run_table import in_words

    run, metrics = row.run, row.run.metrics
    match column:
        case Column.RUN:
            return str(run.id)
        case Column.NETWORK:
            return run.network
        case Column.MIOU:
            return _miou(row)
        case Column.SETTINGS:
            return in_words(row.differs)
        case Column.PARAMETERS:
            return counted(metrics.get("parameters"))
        case Column.SECONDS:
            seconds = metrics.get("seconds_an_image")
            return "–" if seconds is None else f"{seconds:.2g}"
        case Column.MEMORY:
            return in_bytes(metrics.get("memory"))
        case Column.WHEN:
            return when(run.started)
        case Column.TAGS:
            return ", ".join(row.remarks.tags)
        case Column.NOTE:
            return row.remarks.note


def _miou(row: "RunRow") -> str:
    run, metrics = row.run, row.run.metrics
    miou, interval = metrics.get("miou"), row.interval
    if run.status != "done" and miou is None:
        return STATUS.get(run.status, run.status)
    if miou is None:
        return "–"
    if metrics.get("indicative"):
        return f"indicative {miou:.3f}"
    return f"{miou:.3f}" + (f" ± {(interval[1] - interval[0]) / 2:.3f}" if interval else "")


def tip(row: "RunRow", column: Column) -> str:
    """Return what is told of a cell: all of it, with its words."""
    run, metrics = row.run, row.run.metrics
    text = shown(row, column)
    if column == Column.RUN and row.in_use:
        return f"Run {run.id}: its model is the one in use"
    if column == Column.MIOU:
        lines = [f"mIoU {metrics['miou']:.4f}"] if metrics.get("miou") is not None else []
        if row.interval:
            lines.append(f"95 % interval {row.interval[0]:.4f} to {row.interval[1]:.4f}")
        if metrics.get("split"):
            lines.append(f"measured on: {metrics['split']}")
        if metrics.get("indicative"):
            lines.append("indicative: measured on parts of the pictures that were learned from")
        return "\n".join([*lines, *([run.note] if run.note else [])]) or text
    if column == Column.WHEN and metrics.get("seconds"):
        return f"{metrics.get('steps', 0):,} steps in {metrics['seconds']:.0f} s"
    return text.replace(", ", "\n") if column == Column.SETTINGS else text


def sort_key(row: "RunRow", column: Column) -> float | str:
    """Return what a cell is sorted by; a figure that lacks is below all others."""
    run, metrics = row.run, row.run.metrics
    numbers: dict[Column, Any] = {
        Column.RUN: run.id,
        Column.MIOU: metrics.get("miou"),
        Column.PARAMETERS: metrics.get("parameters"),
        Column.SECONDS: metrics.get("seconds_an_image"),
        Column.MEMORY: metrics.get("memory"),
        Column.WHEN: run.started,
    }
    if column in numbers:
        return -1.0 if numbers[column] is None else float(numbers[column])
    return shown(row, column).casefold()


def counted(number: float | None) -> str:
    """Return a large number in a short form: 5.49 M, 181 k."""
    if number is None:
        return "–"
    if number >= 1e6:
        return f"{number / 1e6:.2f} M"
    return f"{number / 1e3:.0f} k" if number >= 1e3 else f"{number:g}"


def in_bytes(number: float | None) -> str:
    """Return a number of bytes as MB or GB."""
    if number is None:
        return "–"
    return f"{number / 1e9:.1f} GB" if number >= 1e9 else f"{number / 1e6:.0f} MB"


def _aligned(column: Column) -> int:
    side = Qt.AlignmentFlag.AlignRight if column in NUMBERS[1:] else Qt.AlignmentFlag.AlignLeft
    return int(side | Qt.AlignmentFlag.AlignVCenter)
