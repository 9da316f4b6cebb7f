"""Giving whole parts of a mask another id: what surrounds them most, or a certain one."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.geometry import Box
from segstudio.domain.task import Task
from segstudio.domain.tiles import Ids
from segstudio.interactive.blocks import Read
from segstudio.interactive.cleanup import Kept
from segstudio.interactive.parts import Borders, Matters, Numbers, Parts, local_parts, parts_of

Chosen = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Replacement:
    """The new id of each piece that a block has of a part."""

    ids: Ids
    changed: Chosen
    offsets: dict[tuple[int, int], int]

    def apply(self, ids: Ids, box: Box) -> Ids:
        """Return a whole block with its parts replaced."""
        local = local_parts(ids)
        offset = self.offsets[box.top, box.left]
        pieces = slice(offset, offset + local.count)
        if not self.changed[pieces].any():
            return ids
        return local.spread(self.ids[pieces][local.part])


def replaced(
    read: Read,
    image: Box,
    task: Task,
    gone: Callable[[Parts], Chosen],
    to: int | None,
    kept: Kept,
    may_go: Matters | None = None,
) -> Replacement:
    """Find what becomes of the parts that ``gone`` names: the id ``to``, or for None what
    surrounds each most.

    ``may_go`` tells from the ids and areas of a block's pieces which of them may be among
    those (to save memory); only needed for None. Locked classes surround nothing.
    """
    if to is None:
        parts = parts_of(read, image, task, "Cleaning up", may_go or _all)
        new = surrounded(parts, gone(parts), kept, task)
    else:
        parts = parts_of(read, image, task, "Cleaning up")
        new = np.where(gone(parts), np.uint8(to), parts.ids)
    return Replacement(new[parts.piece], (new != parts.ids)[parts.piece], parts.offsets)


def _all(ids: Ids, areas: Numbers) -> Chosen:
    return np.ones(len(ids), bool)


def surrounded(parts: Parts, gone: Chosen, kept: Kept, task: Task) -> Ids:
    """Return the ids of all parts where those that are gone take what lies most around them.

    Those around which only others lie that are gone take what these became, step by step; a
    tie goes to the lower id. Where nothing stays at all, all stays.
    """
    assert parts.borders is not None
    borders = parts.borders.by_beside()
    first = np.searchsorted(borders.beside, np.arange(len(parts) + 1))
    new = parts.ids.copy()
    open = gone & ~kept[parts.ids]
    settled = np.flatnonzero(~open)
    while len(settled):
        task.report(1, 1, "Cleaning up")
        settled = settled[~kept[new[settled]]]
        around = borders.at(_ranges(first[settled], first[settled + 1]))
        part, id, length = _votes(around.at(np.flatnonzero(open[around.part])), new)
        # The last of each part is the one with the longest border, of several the lowest id.
        order = np.lexsort((-id, length, part))
        last = order[np.append(np.diff(part[order]) > 0, True)[: len(order)]]
        settled = part[last]
        new[settled] = id[last]
        open[settled] = False
    return new


def _ranges(starts: Numbers, ends: Numbers) -> Numbers:
    """Return the numbers of several ranges, one after the other."""
    count = ends - starts
    return np.asarray(np.arange(count.sum()) + np.repeat(starts - np.cumsum(count) + count, count))


def _votes(borders: Borders, new: Ids) -> tuple[Numbers, Numbers, Numbers]:
    """Return on which ids parts border, and along how many pixels."""
    pairs = borders.part * 256 + new[borders.beside]
    kinds, place = np.unique(pairs, return_inverse=True)
    length = np.bincount(place, borders.length, len(kinds)).astype(np.int64)
    part, id = np.divmod(kinds, 256)
    return part, id, length
