"""The pictures of the project as a list that can be filtered, searched and sorted."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from enum import IntEnum

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QStringListModel,
    Qt,
    Signal,
)

from segstudio.domain.records import ImageRecord, Split, State
from segstudio.gui.panels.images_facts import KnownFacts
from segstudio.gui.panels.images_filter import ImageFilter, Sorting
from segstudio.gui.session import Session

Index = QModelIndex | QPersistentModelIndex

STATE_WORDS = {
    State.UNLABELLED: "unlabelled",
    State.PROPOSED: "proposed",
    State.IN_WORK: "in work",
    State.REVIEWED: "reviewed",
}
SPLIT_WORDS = {
    Split.POOL: "pool",
    Split.TRAIN: "training",
    Split.VAL: "validation",
    Split.TEST: "test",
}


MANY = 32
"""Stretches of rows above which all between the first and the last are said to have changed."""


class Role(IntEnum):
    """What the list knows of a row besides its text."""

    ID = Qt.ItemDataRole.UserRole
    RECORD = Qt.ItemDataRole.UserRole + 1


class ImagesModel(QStringListModel):
    """The ids of the listed pictures, in the order that is wanted.

    All pictures are kept in that order, so that each has a place, listed or not. What an edit
    changes is followed picture by picture: nothing here goes through all of them for a stroke.
    Qt's own list, of empty strings, only counts the rows: to lay out 20,000 of them their
    number is asked for 40,000 times, which from Python took most of the time of a filter.
    """

    about_to_list = Signal()  # the list is still as it was
    leaving = Signal(list)  # ids of pictures that are gone, while the list still has them

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.facts = KnownFacts(session, self)
        self._filter, self._sorting = ImageFilter(), Sorting()
        self._names: dict[int, str] = {}
        self._state_of: dict[int, State] = {}
        self.states: Counter[State] = Counter()
        """How many pictures of the project are in each state; always this one counter."""
        self._all: list[int] = []
        self._place: dict[int, int] = {}
        self._ids: list[int] = []
        self._row: dict[int, int] = {}
        self._late = False
        session.project_changed.connect(self._read)
        session.images_changed.connect(self._change)
        session.image_opened.connect(self._catch_up)
        session.image_closed.connect(self._catch_up)
        self.facts.changed.connect(self._take_facts)
        self._read()

    # -- asking ----------------------------------------------------------------------

    @property
    def ids(self) -> list[int]:
        """The listed pictures."""
        return self._ids

    @property
    def total(self) -> int:
        """How many pictures the project has, listed or not."""
        return len(self._all)

    @property
    def reviewed(self) -> int:
        return self.states[State.REVIEWED]

    @property
    def filter(self) -> ImageFilter:
        return self._filter

    @property
    def sorting(self) -> Sorting:
        return self._sorting

    def row_of(self, id: int) -> int | None:
        """Return the row of a picture; None where it is not listed."""
        return self._row.get(id)

    def rows_of(self, ids: Iterable[int]) -> Iterator[tuple[int, int]]:
        """Yield first and last row of each stretch of neighbours that pictures make up."""
        rows = sorted(self._row[id] for id in ids if id in self._row)
        first = 0
        for place, row in enumerate(rows):
            if place + 1 == len(rows) or rows[place + 1] > row + 1:
                yield rows[first], row
                first = place + 1

    def beside(self, id: int | None, step: int, unreviewed_only: bool = False) -> int | None:
        """Return the next listed picture in a direction, none after the last.

        ``id`` need not be listed itself; without one it begins at the end it comes from.
        """
        for row in self._way(id, step):
            found = self._ids[row]
            if not unreviewed_only or self._state_of[found] != State.REVIEWED:
                return found
        return None

    def survivor(self, id: int, gone: Collection[int]) -> int | None:
        """Return the listed picture after one, else before it, that is not among those gone."""
        ways = (self._way(id, 1), self._way(id, -1))
        found = (self._ids[row] for way in ways for row in way if self._ids[row] not in gone)
        return next(found, None)

    def _way(self, id: int | None, step: int) -> range:
        """Return the rows after a picture in a direction."""
        count = len(self._ids)
        place = None if id is None else self._place.get(id)
        if place is None:
            return range(count) if step > 0 else range(count - 1, -1, -1)
        if step > 0:
            return range(bisect_right(self._ids, place, key=self._place.__getitem__), count)
        return range(bisect_left(self._ids, place, key=self._place.__getitem__) - 1, -1, -1)

    def record(self, row: int) -> ImageRecord | None:
        return self._session.images.get(self._ids[row]) if 0 <= row < len(self._ids) else None

    # -- what Qt asks ----------------------------------------------------------------

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        image = self.record(index.row())
        if image is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return image.name
            case Qt.ItemDataRole.ToolTipRole:
                return in_words(image)
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{image.name}, {STATE_WORDS[image.state]}"
            case Role.ID:
                return image.id
            case Role.RECORD:
                return image
        return None

    # -- changing --------------------------------------------------------------------

    def set_filter(self, wanted: ImageFilter) -> None:
        """List other pictures."""
        if wanted != self._filter:
            self._filter = wanted
            self._want_facts()
            self._list()

    def set_sorting(self, wanted: Sorting) -> None:
        """List them in another order."""
        if wanted != self._sorting:
            self._sorting = wanted
            self._want_facts()
            self._sort()
            self._list()

    def repaint(self, id: int) -> None:
        """Say that a picture looks different now."""
        self._repaint((id,))

    def _repaint(self, ids: Iterable[int]) -> None:
        stretches = list(self.rows_of(ids))
        if len(stretches) > MANY:  # to draw what is in sight once more costs less
            stretches = [(stretches[0][0], stretches[-1][1])]
        for first, last in stretches:
            self.dataChanged.emit(self.index(first), self.index(last))

    def _want_facts(self) -> None:
        if self._filter.needs_facts or self._sorting.needs_facts:
            self.facts.need()

    def _read(self) -> None:
        images = self._session.images if self._session.project is not None else {}
        self._names = {id: image.name.casefold() for id, image in images.items()}
        self._state_of = {id: image.state for id, image in images.items()}
        self.states.clear()
        self.states.update(self._state_of.values())
        self._want_facts()
        self._sort()
        self._list()

    def _change(self, ids: list[int]) -> None:
        """Follow changed records: most changes leave the list itself as it is."""
        images = self._session.images
        gone = [id for id in ids if id not in images and id in self._names]
        fresh = any(id in images and id not in self._names for id in ids)
        if gone:
            self.leaving.emit(gone)
        for id in ids:
            self._note(id, images.get(id))
        if gone or fresh:
            self._sort()
            self._list()
        else:
            self._follow(ids, self._sorting.of_records)

    def _note(self, id: int, image: ImageRecord | None) -> None:
        """Keep name, state and the count of states up to one record."""
        known = self._state_of.pop(id, None)
        if known is not None:
            self.states[known] -= 1
        if image is None:
            self._names.pop(id, None)
            return
        self._names[id] = image.name.casefold()
        self._state_of[id] = image.state
        self.states[image.state] += 1

    def _take_facts(self, ids: frozenset[int] | None) -> None:
        if not (self._filter.needs_facts or self._sorting.needs_facts):
            return
        if ids is None:
            self._sort()
            self._list()
        else:
            self._follow([id for id in ids if id in self._names], self._sorting.needs_facts)

    def _follow(self, ids: list[int], moving: bool) -> None:
        """List pictures anew where they fit now or do not any more, or have another place.

        The picture that is being worked on keeps its place until another one is opened: the
        next one is to be that which stands below it.
        """
        here = self._session.image
        if moving and here is not None and set(ids) == {here.id}:
            self._late, moving = True, False
        resorted = moving and self._sort()
        fitting = set(self._fitting(ids))
        if resorted or any((id in self._row) != (id in fitting) for id in ids):
            self._list()
        else:
            self._repaint(ids)

    def _catch_up(self) -> None:
        if self._late and self._sort():
            self._list()

    def _sort(self) -> bool:
        """Put all pictures in order; false where they were."""
        images = self._session.images if self._session.project is not None else {}
        before = self._all
        self._late = False
        self._all = self._sorting.sorted(images, self.facts.by_id)
        self._place = {id: place for place, id in enumerate(self._all)}
        return self._all != before

    def _list(self) -> None:
        self.about_to_list.emit()
        self._ids = self._all if self._filter.everything else self._fitting(self._all)
        if self._ids is self._all:
            self._row = self._place
        else:
            self._row = {id: row for row, id in enumerate(self._ids)}
        self.setStringList([""] * len(self._ids))

    def _fitting(self, ids: Iterable[int]) -> list[int]:
        images = self._session.images
        return self._filter.among(ids, images, self._names, self.facts.by_id)


def in_words(image: ImageRecord) -> str:
    """Return what is to be known of a picture, a line each."""
    bands = "" if image.bands == 3 and image.dtype == "uint8" else f" · {image.bands} bands"
    depth = "" if image.dtype == "uint8" else f" of {image.dtype}"
    use = "" if image.split == Split.POOL else f" · {SPLIT_WORDS[image.split]} picture"
    lines = [
        image.name,
        f"{image.width} × {image.height}{bands}{depth}",
        f"{STATE_WORDS[image.state].capitalize()}{use}",
    ]
    return "\n".join([*lines, image.note] if image.note else lines)
