"""Drawing pixels to learn from, out of all that people have said."""

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.task import Task
from segstudio.domain.tiles import Ids, Key, tile_box
from segstudio.methods.samples import Samples

Places = NDArray[np.intp]
"""Rows or columns of pixels."""

Chosen = tuple[int, Key, Places, Places, Ids]
"""A picture's place, one of its tiles, and rows, columns and class ids of pixels in it."""


def drawn(samples: Samples, per_class: int, seed: int, task: Task) -> list[Chosen]:
    """Draw up to ``per_class`` pixels of each class from the strokes on all pictures.

    Each pixel has a lot that depends on its place alone, and the smallest lots win: a further
    stroke changes little of what is drawn.
    """
    tiles: list[Chosen] = []
    lots: list[NDArray[np.uint64]] = []
    keys = [
        (place, key) for place, strokes in enumerate(samples.strokes) for key in sorted(strokes)
    ]
    for done, (place, key) in enumerate(keys):
        task.report(done, len(keys), "Looking at the strokes")
        picture = samples.pictures[place]
        box = tile_box(key).clipped(Box(0, 0, picture.height, picture.width))
        ids = samples.strokes[place].read(box)
        rows, columns = np.nonzero(ids != UNLABELLED)
        if len(rows):
            said = ids[rows, columns]
            rows, columns = rows + box.top, columns + box.left
            lot = _lots(rows, columns, place, seed)
            kept = _smallest(said, lot, per_class)
            tiles.append((place, key, rows[kept], columns[kept], said[kept]))
            lots.append(lot[kept])
    if not tiles:
        return []
    kept = _smallest(np.concatenate([t[4] for t in tiles]), np.concatenate(lots), per_class)
    chosen = []
    ends = np.cumsum([len(t[4]) for t in tiles])
    for (place, key, rows, columns, said), end in zip(tiles, ends, strict=True):
        own = kept[end - len(said) : end]
        if own.any():
            chosen.append((place, key, rows[own], columns[own], said[own]))
    return chosen


def _lots(rows: Places, columns: Places, place: int, seed: int) -> NDArray[np.uint64]:
    """Return a random number for each pixel, always the same one (Steele et al. 2014)."""
    start = np.uint64((place * 0x9E3779B97F4A7C15 + seed * 0xD1B54A32D192ED03) % 2**64)
    lot = (rows.astype(np.uint64) << np.uint64(32)) + columns.astype(np.uint64) + start
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        lot = (lot ^ (lot >> np.uint64(shift))) * np.uint64(factor)
    return lot ^ (lot >> np.uint64(31))


def _smallest(ids: Ids, lots: NDArray[np.uint64], most: int) -> NDArray[np.bool_]:
    """Tell which pixels have the ``most`` smallest lots of their class."""
    kept = np.zeros(len(ids), bool)
    for id in np.unique(ids):
        own = np.flatnonzero(ids == id)
        if len(own) > most:
            own = own[np.argpartition(lots[own], most - 1)[:most]]
        kept[own] = True
    return kept
