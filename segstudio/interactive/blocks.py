"""A mask of any size, read block by block."""

from collections.abc import Callable, Iterator

import numpy as np

from segstudio.domain import codec
from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.tiles import TILE, Ids, Key, SparseLayer, keys_of, tile_box

BLOCK = 1024
"""Side of the blocks in which large masks are gone through, in pixels; whole tiles."""

Read = Callable[[Box], Ids]
"""Returns the ids inside a box of the image."""

Uniform = Callable[[Key], int | None]
"""Returns the one id that a whole tile has, None where it has several or it is not known."""


def unknown(key: Key) -> None:
    """Know of no tile that it has but one id."""


def blocks(image: Box) -> Iterator[Box]:
    """Yield the blocks of an image, row by row."""
    return image.tiles(BLOCK)


def uniform_of(layer: SparseLayer) -> Uniform:
    """Return what tells from packed tiles, without unpacking them, which have but one id."""

    def uniform(key: Key) -> int | None:
        tile = layer.get(key)
        if tile is None:
            return UNLABELLED
        counts = codec.counts(tile.data, TILE)
        # Beyond the image's edge a tile is unlabelled.
        inside = tile_box(key).clipped(layer.box).area
        counts[UNLABELLED] -= TILE * TILE - inside
        id = int(counts.argmax())
        return id if counts[id] == inside else None

    return uniform


def one_id(box: Box, uniform: Uniform) -> int | None:
    """Return the one id inside a box, None where it has several or it is not known."""
    found: int | None = None
    for key in keys_of(box):
        id = uniform(key)
        if id is None or (found is not None and id != found):
            return None
        found = id
    return found


def ids_of(box: Box, read: Read, uniform: Uniform) -> Ids:
    """Return the ids inside a box, not to be written to. Uniform tiles are not read."""
    id = one_id(box, uniform)
    return read(box) if id is None else np.broadcast_to(np.uint8(id), box.shape)
