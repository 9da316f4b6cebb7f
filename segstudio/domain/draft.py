"""A stroke while it is being painted: working copies of just the tiles it touches."""

from collections.abc import Collection, Iterable

import numpy as np

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.edit import Edit, TileChange
from segstudio.domain.geometry import Box
from segstudio.domain.layers import Layers, lookup
from segstudio.domain.stroke import Region
from segstudio.domain.tiles import Ids, Key, Layer, Packed, Source, blank, keys_of, tile_box


class Draft:
    """Paints into copies of the mask's tiles; `finish` makes one edit of all of it."""

    def __init__(self, image: int, layers: Layers, locked: Collection[int] = ()) -> None:
        self._image, self._layers = image, layers
        self._kept = lookup(locked) if locked else None
        self._work: dict[tuple[Layer, Key], Ids] = {}

    def tile(self, layer: Layer, key: Key) -> Ids | None:
        """Return the working copy of a tile, None where the stroke has not been."""
        return self._work.get((layer, key))

    def paint(self, box: Box, region: Region, value: int) -> None:
        """Give the class ``value`` (255 erases) to the pixels of ``region``, which fills ``box``.

        Pixels of locked classes keep theirs.
        """
        source = UNLABELLED if value == UNLABELLED else Source.PERSON
        for key in keys_of(box):
            whole = tile_box(key)
            part = whole.clipped(box)
            inside, where = part.within(whole), region[part.within(box)]
            ids = self._writable(Layer.MASK, key)[inside]
            if self._kept is not None:
                where = where & ~self._kept[ids]
            ids[where] = value
            self._writable(Layer.SOURCE, key)[inside][where] = source

    def _writable(self, layer: Layer, key: Key) -> Ids:
        array = self._work.get((layer, key))
        if array is None:
            tile = self._layers[layer].get(key)
            array = blank() if tile is None else tile.array.copy()
            self._work[layer, key] = array
        return array

    def rebase(self, changes: Iterable[TileChange]) -> None:
        """Take over what is about to change beneath, where the stroke has not been."""
        after = {(change.layer, change.key): change.after for change in changes}
        for key in {key for _, key in after if (Layer.MASK, key) in self._work}:
            painted = self._differs(Layer.MASK, key) | self._differs(Layer.SOURCE, key)
            for layer in (Layer.MASK, Layer.SOURCE):
                if (layer, key) in after:
                    tile = after[layer, key]
                    fresh = blank() if tile is None else tile.array
                    np.copyto(self._work[layer, key], fresh, where=~painted)

    def _differs(self, layer: Layer, key: Key) -> Region:
        before = self._layers[layer].get(key)
        return np.not_equal(self._work[layer, key], blank() if before is None else before.array)

    def finish(self, text: str) -> Edit:
        """Return the edit; falsy where nothing was changed. The draft is spent."""
        changes = []
        for (layer, key), array in self._work.items():
            before = self._layers[layer].get(key)
            old = blank() if before is None else before.array
            if not np.array_equal(old, array):
                changes.append(TileChange(self._image, layer, key, before, Packed.of(array)))
        self._work = {}
        return Edit(text, tuple(changes))

    def boxes(self) -> list[Box]:
        """Return where the stroke has been, tile by tile."""
        return [tile_box(key) for layer, key in self._work if layer == Layer.MASK]
