"""The pictures of the project as a list that can be filtered and searched."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from segstudio.domain.records import ImageRecord, Split, State
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


class Role(IntEnum):
    """What the list knows of a row besides its text."""

    ID = Qt.ItemDataRole.UserRole
    RECORD = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True)
class ImageFilter:
    """Which pictures are listed. ``text`` are words that must all be in the name."""

    states: frozenset[State] = frozenset(State)
    splits: frozenset[Split] = frozenset(Split)
    text: str = ""

    @property
    def everything(self) -> bool:
        whole = len(self.states) == len(State) and len(self.splits) == len(Split)
        return whole and not self.text.split()


class ImagesModel(QAbstractListModel):
    """The ids of the listed pictures, in the order in which they were added."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._filter = ImageFilter()
        self._names: dict[int, str] = {}
        self._all: list[int] = []
        self._ids: list[int] = []
        self._reviewed = 0
        session.project_changed.connect(self._read)
        session.images_changed.connect(self._change)
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
        return self._reviewed

    @property
    def filter(self) -> ImageFilter:
        return self._filter

    def row_of(self, id: int) -> int | None:
        """Return the row of a picture; None where it is not listed."""
        place = bisect_left(self._ids, id)
        return place if place < len(self._ids) and self._ids[place] == id else None

    def beside(self, id: int | None, step: int, unreviewed_only: bool = False) -> int | None:
        """Return the next listed picture in a direction, none after the last.

        ``id`` need not be listed itself; without one it begins at the end it comes from.
        """
        if id is None:
            way = self._ids if step > 0 else self._ids[::-1]
        elif step > 0:
            way = self._ids[bisect_right(self._ids, id) :]
        else:
            way = self._ids[: bisect_left(self._ids, id)][::-1]
        images = self._session.images
        for each in way:
            if not unreviewed_only or images[each].state != State.REVIEWED:
                return each
        return None

    def record(self, row: int) -> ImageRecord | None:
        return self._session.images.get(self._ids[row]) if 0 <= row < len(self._ids) else None

    # -- what Qt asks ----------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._ids)

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
            self._list()

    def repaint(self, id: int) -> None:
        """Say that a picture looks different now."""
        row = self.row_of(id)
        if row is not None:
            self.dataChanged.emit(self.index(row), self.index(row))

    def _read(self) -> None:
        images = self._session.images if self._session.project is not None else {}
        self._all = sorted(images)
        self._names = {id: images[id].name.casefold() for id in self._all}
        self._list()

    def _change(self, ids: list[int]) -> None:
        """Follow changed records: most changes leave the list itself as it is."""
        images = self._session.images
        if any((id in images) != (id in self._names) for id in ids):
            self._read()
            return
        self._names.update((id, images[id].name.casefold()) for id in ids if id in images)
        words = self._words()
        if any(
            (self.row_of(id) is not None) != self._fits(id, words) for id in ids if id in images
        ):
            self._list()
            return
        self._count()
        for id in ids:
            self.repaint(id)

    def _list(self) -> None:
        self.beginResetModel()
        if self._filter.everything:
            self._ids = self._all
        else:
            words = self._words()
            self._ids = [id for id in self._all if self._fits(id, words)]
        self._count()
        self.endResetModel()

    def _count(self) -> None:
        images = self._session.images
        self._reviewed = sum(images[id].state == State.REVIEWED for id in self._all)

    def _words(self) -> list[str]:
        return self._filter.text.casefold().split()

    def _fits(self, id: int, words: list[str]) -> bool:
        name = self._names[id]
        for word in words:
            if word not in name:
                return False
        image, wanted = self._session.images[id], self._filter
        return image.state in wanted.states and image.split in wanted.splits


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
