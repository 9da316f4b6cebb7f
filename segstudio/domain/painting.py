"""Painting areas of any size into the layers of an image, as the changes of its tiles."""

from collections.abc import Collection, Iterable, Iterator

import numpy as np

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.draft import Draft
from segstudio.domain.edit import TileChange
from segstudio.domain.geometry import Box
from segstudio.domain.layers import Layers
from segstudio.domain.stroke import Region
from segstudio.domain.tiles import TILE, Ids, Key, Layer, Packed, Source, keys_of, tile_box

OPEN = 128
"""Tiles that are held as pixels while more are painted; the others are packed."""


class LargeDraft(Draft):
    """A draft whose memory does not grow with what it paints, as far as that can be packed."""

    def __init__(self, image: int, layers: Layers, locked: Collection[int] = ()) -> None:
        super().__init__(image, layers, locked)
        self._packed: dict[tuple[Layer, Key], Packed] = {}
        self._plain: dict[int, Packed] = {}

    def paint(self, box: Box, region: Region, value: int) -> None:
        """Paint as a draft does; tiles that are covered throughout are not even looked at."""
        if self._kept is not None:
            super().paint(box, region, value)
            return
        source = UNLABELLED if value == UNLABELLED else Source.PERSON
        for key in keys_of(box):
            whole = tile_box(key)
            part = whole.clipped(box)
            where = region[part.within(box)]
            if part == whole and where.all():
                self._cover((Layer.MASK, key), value)
                self._cover((Layer.SOURCE, key), source)
            else:
                super().paint(part, where, value)

    def _cover(self, place: tuple[Layer, Key], value: int) -> None:
        self._work.pop(place, None)
        self._packed[place] = self._plain_tile(value)

    def _plain_tile(self, value: int) -> Packed:
        if value not in self._plain:
            self._plain[value] = _released(np.full((TILE, TILE), value, np.uint8))
        return self._plain[value]

    def _writable(self, layer: Layer, key: Key) -> Ids:
        place = (layer, key)
        if place not in self._work:
            for oldest in list(self._work)[: max(len(self._work) - OPEN + 1, 0)]:
                self._packed[oldest] = _released(self._work.pop(oldest))
            packed = self._packed.pop(place, None)
            if packed is not None:
                self._work[place] = packed.array.copy()
        return super()._writable(layer, key)

    def changes(self) -> Iterator[TileChange]:
        """Yield what was changed, tile by tile. The draft is spent."""
        for place in list(self._work):
            self._packed[place] = _released(self._work.pop(place))
        nothing = self._plain_tile(UNLABELLED)
        for (layer, key), tile in self._packed.items():
            before = self._layers[layer].get(key)
            if tile.data != (before or nothing).data:
                after = None if tile.data == nothing.data else tile
                yield TileChange(self._image, layer, key, before, after)
        self._packed = {}


def _released(array: Ids) -> Packed:
    tile = Packed(array)
    tile.release()
    return tile


def painted(
    image: int,
    layers: Layers,
    areas: Iterable[tuple[Box, Region]],
    value: int,
    locked: Collection[int] = (),
) -> Iterator[TileChange]:
    """Yield the changes that give areas the class ``value`` (255 erases), as a person does.

    An area is a box inside the image and the region that fills it. Pixels of locked classes
    keep theirs.
    """
    draft = LargeDraft(image, layers, locked)
    for box, region in areas:
        if box:
            draft.paint(box, region, value)
    yield from draft.changes()
