"""A drawn tile of an overlay, at any level, and where stored tiles lie in it."""

from collections.abc import Iterable, Iterator

import numpy as np
from PySide6.QtGui import QImage

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.tiles import TILE, Ids, Key, blank, keys_of, tile_box
from segstudio.gui.canvas.sources import Tiles

Place = tuple[int, int, int]
"""Level (÷2 each), row and column of a drawn tile."""

NBYTES = 2 * TILE * TILE
"""Memory of a drawn tile with its outlines."""


class Drawn:
    """A drawn tile: its ids, and the images that Qt paints from them."""

    def __init__(self, ids: Ids) -> None:
        self.ids = ids
        self._fill: QImage | None = None
        self._edge: tuple[Ids, QImage] | None = None

    def fill(self, table: list[int]) -> QImage:
        if self._fill is None:
            self._fill = indexed(self.ids, table)
        return self._fill

    def edge(self, table: list[int]) -> QImage:
        """Return the outlines: pixels that differ from the one below or to the right."""
        if self._edge is None:
            ids = outline(self.ids)
            self._edge = (ids, indexed(ids, table))
        return self._edge[1]

    def renew(self) -> None:
        """The ids have changed, or the colours: fresh wrappers keep Qt from using its caches."""
        self._fill = self._edge = None


def indexed(ids: Ids, table: list[int]) -> QImage:
    """Return an image that shares the ids' memory; they must live as long."""
    height, width = ids.shape
    image = QImage(ids.data, width, height, width, QImage.Format.Format_Indexed8)
    image.setColorTable(table)
    return image


def outline(ids: Ids) -> Ids:
    """Keep only the pixels that have a neighbour of another id; the others become 255."""
    edge = np.zeros(ids.shape, bool)
    edge[:, :-1] |= ids[:, :-1] != ids[:, 1:]
    edge[:-1] |= ids[:-1] != ids[1:]
    return np.where(edge, ids, np.uint8(UNLABELLED))


def place_box(place: Place) -> Box:
    """Return the pixels of the image that a drawn tile stands for."""
    level, row, column = place
    step = TILE << level
    return Box(row * step, column * step, (row + 1) * step, (column + 1) * step)


def finer(place: Place) -> list[Place]:
    """Return the four drawn tiles of the next sharper level, row by row."""
    level, row, column = place
    return [(level - 1, 2 * row + down, 2 * column + right) for down in (0, 1) for right in (0, 1)]


def composed(parts: "list[Drawn | None]") -> Ids | None:
    """Return the ids of a drawn tile from its four finer ones; None where all are empty."""
    if not any(parts):
        return None
    ids, half = blank(), TILE // 2
    for n, part in enumerate(parts):
        if part is not None:
            top, left = n // 2 * half, n % 2 * half
            ids[top : top + half, left : left + half] = part.ids[::2, ::2]
    return ids


def apart(level: int) -> int:
    """Return how many stored tiles lie between two that a level has a pixel of.

    A stored tile has one pixel at level 8; beyond, most have none.
    """
    return 1 << max(level - 8, 0)


def most(place: Place) -> int:
    """Return how many stored tiles can show in a drawn one."""
    side = (1 << place[0]) // apart(place[0])
    return side * side


def under(tiles: Tiles, place: Place) -> list[Key]:
    """Return the tiles that show in a drawn one; takes no longer than there are or can be."""
    level, row, column = place
    step = apart(level)
    top, left = row << level, column << level
    bottom, right = top + (1 << level), left + (1 << level)
    if len(tiles) < most(place):
        return [
            key
            for key in tiles
            if top <= key[0] < bottom
            and left <= key[1] < right
            and not (key[0] % step or key[1] % step)
        ]
    rows, columns = range(top, bottom, step), range(left, right, step)
    return [(r, c) for r in rows for c in columns if (r, c) in tiles]


def decimated(tiles: Tiles, place: Place, keys: Iterable[Key]) -> Ids:
    """Return every 2^level-th pixel of the given tiles, in their places."""
    out, stride = blank(), 1 << place[0]
    for key in keys:
        found = tiles.tile(key, stride)
        if found is not None:
            out[spot(place, key)] = found
    return out


def copy_part(ids: Ids, tiles: Tiles, place: Place, box: Box) -> None:
    """Bring the pixels of a drawn tile inside a box of the image up to the tiles."""
    stride, step = 1 << place[0], apart(place[0])
    for key in _on_grid(box.clipped(place_box(place)), step):
        whole = tile_box(key)
        part = whole.clipped(box)
        rows = sampled(part.top - whole.top, part.bottom - whole.top, stride)
        cols = sampled(part.left - whole.left, part.right - whole.left, stride)
        found = tiles.tile(key, stride)
        target = ids[spot(place, key)][rows, cols]
        if found is None:
            target[:] = UNLABELLED
        else:
            target[:] = found[rows, cols]


def _on_grid(box: Box, step: int) -> Iterator[Key]:
    if step == 1:
        return keys_of(box)
    return (key for key in keys_of(box) if not (key[0] % step or key[1] % step))


def sampled(start: int, end: int, stride: int) -> slice:
    """Return which of every ``stride``-th pixels lie in start:end."""
    return slice(-(-start // stride), (end - 1) // stride + 1)


def spot(place: Place, key: Key) -> tuple[slice, slice]:
    """Return where a stored tile, on the level's grid, lies in a drawn one."""
    level, row, column = place
    side = max(TILE >> level, 1)
    top = (key[0] - (row << level)) * TILE >> level
    left = (key[1] - (column << level)) * TILE >> level
    return slice(top, top + side), slice(left, left + side)
