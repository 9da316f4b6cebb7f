"""Undoable changes to a project: tiles of masks, and rows of its tables."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

from segstudio.domain.geometry import Box
from segstudio.domain.records import Row
from segstudio.domain.tiles import Key, Layer, Packed, tile_box

Table = Literal["classes", "images"]


@dataclass(frozen=True, slots=True)
class TileChange:
    """One tile of one layer, before and after; None where it is all unlabelled."""

    image: int
    layer: Layer
    key: Key
    before: Packed | None
    after: Packed | None

    @property
    def box(self) -> Box:
        return tile_box(self.key)

    @property
    def nbytes(self) -> int:
        held = (tile.nbytes for tile in (self.before, self.after) if tile is not None)
        return 64 + sum(held)

    def reversed(self) -> "TileChange":
        return TileChange(self.image, self.layer, self.key, self.after, self.before)


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row of a table, before and after; None where it does not exist.

    Where it exists before and after, only the columns that change are in both.
    """

    table: Table
    id: int
    before: Row | None
    after: Row | None

    @classmethod
    def between(
        cls, table: Table, id: int, before: Row | None, after: Row | None
    ) -> "RowChange | None":
        """Return the change from one whole row to another; None where nothing changes."""
        if before is not None and after is not None:
            changed = [name for name, value in after.items() if value != before[name]]
            before, after = ({name: row[name] for name in changed} for row in (before, after))
        return cls(table, id, before, after) if before or after else None

    def reversed(self) -> "RowChange":
        return RowChange(self.table, self.id, self.after, self.before)


@dataclass(frozen=True)
class Staged:
    """Tiles of an edit that wait in the database, because they are too many to be held."""

    id: int
    images: frozenset[int] = frozenset()
    painted: frozenset[int] = frozenset()
    """Images of which more than the proposal is changed."""


@dataclass(frozen=True)
class Edit:
    """A change that is applied, undone and redone as one.

    The store keeps what was there before; where a change is made without knowing it
    (to an image that is not open), ``before`` may be None for a tile that exists.
    """

    text: str
    tiles: tuple[TileChange, ...] = ()
    rows: tuple[RowChange, ...] = ()
    staged: Staged | None = None
    images: frozenset[int] = field(init=False)

    def __post_init__(self) -> None:
        images = frozenset(change.image for change in self.tiles)
        if self.staged is not None:
            images |= self.staged.images
        object.__setattr__(self, "images", images)

    def __bool__(self) -> bool:
        return bool(self.tiles or self.rows or (self.staged and self.staged.images))

    @property
    def nbytes(self) -> int:
        """Memory that it takes; falls when the store has packed its tiles."""
        return 256 + sum(tile.nbytes for tile in self.tiles) + 512 * len(self.rows)

    def with_rows(self, rows: Iterable[RowChange | None]) -> "Edit":
        """Return the edit with these row changes, where there are any."""
        return replace(self, rows=tuple(row for row in rows if row is not None))

    def reversed(self) -> "Edit":
        """Return the edit that takes this one back; of staged tiles only the disk knows how."""
        tiles = tuple(tile.reversed() for tile in self.tiles)
        return Edit(self.text, tiles, tuple(row.reversed() for row in reversed(self.rows)))
