"""A stroke while it is being painted: working copies of just the tiles it touches."""

from collections.abc import Collection, Iterable, Iterator

import numpy as np

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.edit import Edit, TileChange
from segstudio.domain.geometry import Box
from segstudio.domain.layers import Layers, lookup
from segstudio.domain.stroke import Region
from segstudio.domain.tiles import (
    TILE,
    Ids,
    Key,
    Layer,
    Packed,
    Source,
    blank,
    keys_of,
    tile_box,
)

OPEN = 64
"""Tiles that are held as pixels; of larger strokes, those left behind are packed."""

Place = tuple[Layer, Key]


class Draft:
    """Paints into copies of the mask's tiles; `finish` makes one edit of all of it."""

    def __init__(self, image: int, layers: Layers, locked: Collection[int] = ()) -> None:
        self._image, self._layers = image, layers
        self._kept = lookup(locked) if locked else None
        self._work: dict[Place, Ids] = {}
        self._packed: dict[Place, Packed] = {}
        self._plain: dict[int, Packed] = {}

    def tile(self, layer: Layer, key: Key) -> Ids | None:
        """Return the working copy of a tile, None where the stroke has not been."""
        array = self._work.get((layer, key))
        if array is None and (packed := self._packed.get((layer, key))) is not None:
            return packed.array
        return array

    def paint(self, box: Box, region: Region, value: int) -> None:
        """Give the class ``value`` (255 erases) to the pixels of ``region``, which fills ``box``.

        Pixels of locked classes keep theirs.
        """
        source = UNLABELLED if value == UNLABELLED else Source.PERSON
        for key in keys_of(box):
            whole = tile_box(key)
            part = whole.clipped(box)
            inside, where = part.within(whole), region[part.within(box)]
            if self._kept is None and part == whole and where.all():
                self._cover((Layer.MASK, key), value)
                self._cover((Layer.SOURCE, key), source)
                continue
            ids = self._writable(Layer.MASK, key)[inside]
            if self._kept is not None:
                where = where & ~self._kept[ids]
            np.copyto(ids, np.uint8(value), where=where)
            np.copyto(self._writable(Layer.SOURCE, key)[inside], np.uint8(source), where=where)

    def _cover(self, place: Place, value: int) -> None:
        """Fill a tile throughout: what was in it need not be looked at."""
        self._work.pop(place, None)
        self._packed[place] = self._plain_tile(value)

    def _plain_tile(self, value: int) -> Packed:
        if value not in self._plain:
            self._plain[value] = _packed(np.full((TILE, TILE), value, np.uint8))
        return self._plain[value]

    def _writable(self, layer: Layer, key: Key) -> Ids:
        place = (layer, key)
        array = self._work.get(place)
        if array is None:
            packed = self._packed.pop(place, None)
            tile = packed if packed is not None else self._layers[layer].get(key)
            array = blank() if tile is None else tile.array.copy()
            self._work[place] = array
            if len(self._work) > OPEN:
                oldest = next(iter(self._work))
                self._packed[oldest] = _packed(self._work.pop(oldest))
        return array

    def rebase(self, changes: Iterable[TileChange]) -> None:
        """Take over what is about to change beneath, where the stroke has not been."""
        after = {(change.layer, change.key): change.after for change in changes}
        for key in {key for _, key in after if self.tile(Layer.MASK, key) is not None}:
            painted = self._differs(Layer.MASK, key) | self._differs(Layer.SOURCE, key)
            for layer in (Layer.MASK, Layer.SOURCE):
                if (layer, key) in after:
                    tile = after[layer, key]
                    fresh = blank() if tile is None else tile.array
                    np.copyto(self._writable(layer, key), fresh, where=~painted)

    def _differs(self, layer: Layer, key: Key) -> Region:
        before = self._layers[layer].get(key)
        old = blank() if before is None else before.array
        return np.not_equal(self._writable(layer, key), old)

    def finish(self, text: str) -> Edit:
        """Return the edit; falsy where nothing was changed. The draft is spent."""
        changes = tuple(self._changes())
        self._work, self._packed = {}, {}
        return Edit(text, changes)

    def _changes(self) -> Iterator[TileChange]:
        nothing = self._plain_tile(UNLABELLED)
        for (layer, key), tile in self._packed.items():
            before = self._layers[layer].get(key)
            if tile.data != (before or nothing).data:
                after = None if tile.data == nothing.data else tile
                yield TileChange(self._image, layer, key, before, after)
        for (layer, key), array in self._work.items():
            before = self._layers[layer].get(key)
            old = blank() if before is None else before.array
            if not np.array_equal(old, array):
                yield TileChange(self._image, layer, key, before, Packed.of(array))

    def boxes(self) -> list[Box]:
        """Return where the stroke has been, tile by tile."""
        places = (*self._work, *self._packed)
        return [tile_box(key) for layer, key in places if layer == Layer.MASK]


def _packed(array: Ids) -> Packed:
    tile = Packed(array)
    tile.release()
    return tile


def painted(
    image: int,
    layers: Layers,
    areas: Iterable[tuple[Box, Region]],
    value: int,
    locked: Collection[int] = (),
) -> tuple[TileChange, ...]:
    """Return the changes that give areas the class ``value`` (255 erases), as a person does.

    An area is a box inside the image and the region that fills it. Pixels of locked classes
    keep theirs. Memory grows with what is painted only as far as that cannot be packed.
    """
    draft = Draft(image, layers, locked)
    for box, region in areas:
        if box:
            draft.paint(box, region, value)
    return draft.finish("").tiles
