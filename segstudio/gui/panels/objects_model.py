"""The objects of a mask as a list: filtered by class, sorted, with what each row says."""

from enum import IntEnum, StrEnum

import numpy as np
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from segstudio.domain.classes import Colour
from segstudio.domain.ground import in_square_metres, pixel_area
from segstudio.gui.session import Session
from segstudio.interactive.census import Census
from segstudio.interactive.objects import MaskObject
from segstudio.interactive.parts import Numbers

Index = QModelIndex | QPersistentModelIndex

SHOWN = 10_000
"""Rows at most: the first of them by what the list is sorted by."""
EVERY = -1
"""Stands for all classes."""


class Sort(StrEnum):
    """What objects can be sorted by."""

    LARGEST = "largest"
    SMALLEST = "smallest"
    POSITION = "position"


class Role(IntEnum):
    """What the list knows of a row besides its text."""

    OBJECT = Qt.ItemDataRole.UserRole
    COLOUR = Qt.ItemDataRole.UserRole + 1
    AREA = Qt.ItemDataRole.UserRole + 2
    GROUND = Qt.ItemDataRole.UserRole + 3
    SIZE = Qt.ItemDataRole.UserRole + 4


class ObjectsModel(QAbstractListModel):
    """The rows are numbers of the census, in the order in which they are shown."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.census = Census.none()
        self.rows: Numbers = np.zeros(0, np.int64)
        self.matching = 0
        """How many objects of the class there are, shown or not."""

    def show(self, census: Census, class_id: int, sort: Sort) -> None:
        """List the objects of one class, or of `EVERY`."""
        self.beginResetModel()
        self.census = census
        rows = np.arange(len(census))
        if class_id != EVERY:
            rows = rows[census.class_ids == class_id]
        self.matching = len(rows)
        self.rows = _ordered(census, rows, sort)
        self.endResetModel()

    def at(self, row: int) -> MaskObject:
        return self.census.object(int(self.rows[row]))

    def row_of(self, wanted: set[tuple[int, int, int]]) -> list[int]:
        """Return the rows of objects that are known by class and first pixel."""
        if not wanted:
            return []
        census, rows = self.census, self.rows
        keys = zip(
            census.class_ids[rows].tolist(), *census.first[rows].T.tolist(), strict=True
        )  # fmt: skip
        return [row for row, key in enumerate(keys) if key in wanted]

    # -- what Qt asks ------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not 0 <= index.row() < len(self.rows):
            return None
        each = self.at(index.row())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._name(each)
            case Qt.ItemDataRole.ToolTipRole:
                return self._in_words(each)
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._in_words(each).replace("\n", ", ")
            case Role.OBJECT:
                return each
            case Role.COLOUR:
                return self._colour(each)
            case Role.AREA:
                return f"{each.area:,} px"
            case Role.GROUND:
                return self._ground(each)
            case Role.SIZE:
                return f"{each.box.width:,} × {each.box.height:,}"
        return None

    def _name(self, each: MaskObject) -> str:
        label = self._session.class_of(each.class_id)
        return label.name if label else f"id {each.class_id}"

    def _colour(self, each: MaskObject) -> Colour:
        label = self._session.class_of(each.class_id)
        return label.colour if label else (128, 128, 128)

    def _ground(self, each: MaskObject) -> str:
        image = self._session.image
        if image is None or image.georef is None:
            return ""
        box = each.box
        middle = (box.left + box.right) / 2, (box.top + box.bottom) / 2
        pixel = pixel_area(image.georef, middle)
        return "" if pixel is None else in_square_metres(each.area * pixel)

    def _in_words(self, each: MaskObject) -> str:
        box, ground = each.box, self._ground(each)
        lines = [
            self._name(each),
            f"{each.area:,} px{f', {ground}' if ground else ''}",
            f"{box.width:,} × {box.height:,} px at x {box.left:,} y {box.top:,}",
        ]
        return "\n".join(lines)


def _ordered(census: Census, rows: Numbers, sort: Sort) -> Numbers:
    """Return the first `SHOWN` of some objects in order; equal ones from top to bottom."""
    if sort == Sort.POSITION:
        key = census.first[rows, 0]
    else:
        key = census.areas[rows] if sort == Sort.SMALLEST else -census.areas[rows]
    if len(rows) > SHOWN:  # of millions not all are sorted
        first = np.argpartition(key, SHOWN)[:SHOWN]
        rows, key = rows[first], key[first]
    return rows[np.lexsort((census.first[rows, 1], census.first[rows, 0], key))]
