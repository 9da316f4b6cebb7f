"""Layers of an image as sparse tiles: what is untouched costs nothing."""

from collections.abc import Iterator, Mapping
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from segstudio.domain import codec
from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box

TILE = 256
"""Side of a stored tile, in pixels."""

Ids = NDArray[np.uint8]
"""Class ids, height × width; 255 is unlabelled."""

Key = tuple[int, int]
"""Row and column of a tile in the grid."""


class Layer(IntEnum):
    """The three layers that every image has."""

    MASK = 0
    SOURCE = 1
    PROPOSAL = 2


class Source(IntEnum):
    """Who gave an accepted pixel its class; 255 where nobody did."""

    PERSON = 1
    PROPOSAL = 2
    IMPORT = 3


class Packed:
    """An immutable 256 × 256 tile, held as an array, as compressed bytes, or as both."""

    __slots__ = ("_array", "_data")

    def __init__(self, array: Ids | None = None, data: bytes | None = None) -> None:
        self._array, self._data = array, data
        if array is not None:
            array.flags.writeable = False

    @classmethod
    def of(cls, array: Ids) -> "Packed | None":
        """Wrap an array that nobody will change any more; None where it is all unlabelled."""
        return cls(array) if array.min() != UNLABELLED else None

    @property
    def array(self) -> Ids:
        """The tile's ids, read-only. Unpacks each time it is not held as an array."""
        array = self._array
        return array if array is not None else codec.unpack(self._data or b"", TILE)

    @property
    def data(self) -> bytes:
        """The tile compressed; from now on it is held so."""
        data = self._data
        if data is None:
            assert self._array is not None
            data = self._data = codec.pack(self._array)
        return data

    def hold(self) -> Ids:
        """Return the ids, and keep them at hand as an array until `release`."""
        array = self._array = self.array
        return array

    def release(self) -> None:
        """Keep only the compressed form."""
        if self._data is None:
            self._data = self.data
        self._array = None

    @property
    def nbytes(self) -> int:
        """Memory that it takes."""
        held = 0 if self._array is None else self._array.nbytes
        return held + (0 if self._data is None else len(self._data))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Packed):
            return NotImplemented
        return self is other or bool(np.array_equal(self.array, other.array))

    __hash__ = None  # type: ignore[assignment]


def blank() -> Ids:
    return np.full((TILE, TILE), UNLABELLED, np.uint8)


def tile_box(key: Key) -> Box:
    """Return where a tile lies; it may reach over the image's edge."""
    row, column = key
    return Box(row * TILE, column * TILE, (row + 1) * TILE, (column + 1) * TILE)


def keys_of(box: Box) -> Iterator[Key]:
    """Yield the keys of the tiles that a box touches."""
    for row in range(box.top // TILE, -(-box.bottom // TILE)):
        for column in range(box.left // TILE, -(-box.right // TILE)):
            yield row, column


class SparseLayer:
    """One layer of one image: the tiles that are not all unlabelled, by key.

    Tiles are immutable, so a copy of the layer is a copy of its dictionary.
    """

    def __init__(self, height: int, width: int, tiles: Mapping[Key, Packed] | None = None) -> None:
        self.box = Box(0, 0, height, width)
        self._tiles: dict[Key, Packed] = dict(tiles or {})

    def __contains__(self, key: Key) -> bool:
        return key in self._tiles

    def __len__(self) -> int:
        return len(self._tiles)

    def __iter__(self) -> Iterator[Key]:
        return iter(self._tiles)

    def get(self, key: Key) -> Packed | None:
        return self._tiles.get(key)

    def put(self, key: Key, tile: Packed | None) -> None:
        if tile is None:
            self._tiles.pop(key, None)
        else:
            self._tiles[key] = tile

    def copy(self) -> "SparseLayer":
        return SparseLayer(self.box.height, self.box.width, self._tiles)

    def read(self, box: Box) -> Ids:
        """Return a writable copy of the ids inside a box of the image."""
        out = np.full(box.shape, UNLABELLED, np.uint8)
        for key in keys_of(box):
            tile = self._tiles.get(key)
            if tile is not None:
                whole = tile_box(key)
                part = whole.clipped(box)
                out[part.within(box)] = tile.array[part.within(whole)]
        return out

    def counts(self) -> NDArray[np.int64]:
        """Return how many pixels each id 0…254 has (255 entries)."""
        total = np.zeros(256, np.int64)
        for tile in self._tiles.values():
            total += codec.counts(tile.data, TILE)
        return total[:UNLABELLED]

    def present(self) -> Box | None:
        """Return the box around the tiles that hold anything, clipped to the image."""
        whole: Box | None = None
        for key in self._tiles:
            box = tile_box(key).clipped(self.box)
            whole = box if whole is None else whole.joined(box)
        return whole


class LayerBuilder:
    """Collects ids window by window and packs each tile as soon as it cannot change.

    For results too large to hold: only tiles that lie across the windows still to come
    stay unpacked.
    """

    def __init__(self, height: int, width: int) -> None:
        self._image = Box(0, 0, height, width)
        self._open: dict[Key, tuple[Ids, int]] = {}
        self._done: dict[Key, Packed] = {}

    def write(self, box: Box, ids: Ids) -> None:
        """Put the ids of one window; windows must not overlap."""
        for key in keys_of(box):
            whole = tile_box(key)
            part = whole.clipped(box)
            fresh = (blank(), whole.clipped(self._image).area)
            array, left = self._open.pop(key, fresh)
            array[part.within(whole)] = ids[part.within(box)]
            if left - part.area > 0:
                self._open[key] = (array, left - part.area)
            else:
                self._close(key, array)

    def _close(self, key: Key, array: Ids) -> None:
        tile = Packed.of(array)
        if tile is not None:
            tile.release()
            self._done[key] = tile

    def finish(self) -> dict[Key, Packed]:
        """Return all tiles that are not unlabelled throughout."""
        for key, (array, _) in self._open.items():
            self._close(key, array)
        self._open.clear()
        return self._done
