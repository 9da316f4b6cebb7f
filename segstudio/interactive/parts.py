"""The connected parts of a mask: areas of one id, by 4 neighbours.

All ids at once, by the runs of equal ids in each row: those that touch runs of the row
above are one part. In masks of any size the parts of each block become numbers, which are
joined where blocks meet; so the memory needed grows with the number of parts, not of pixels.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.geometry import Box
from segstudio.domain.task import Task
from segstudio.domain.tiles import Ids
from segstudio.interactive.blocks import blocks

Numbers = NDArray[np.int64]

Matters = Callable[[Ids, Numbers], NDArray[np.bool_]]
"""Tells from the ids and areas of pieces for which of them something matters."""

S = TypeVar("S", bound=np.generic)


@dataclass(frozen=True, eq=False)
class LocalParts:
    """The parts of one array: its runs in reading order, and which part each belongs to.

    ``starts`` are places in the flattened array. ``upper``, ``lower`` and ``lengths`` tell
    which runs lie above which, along how many pixels.
    """

    shape: tuple[int, int]
    starts: Numbers
    ids: Ids
    part: Numbers
    count: int
    upper: Numbers
    lower: Numbers
    lengths: Numbers

    @property
    def sizes(self) -> Numbers:
        """The length of each run, in pixels."""
        ends = np.append(self.starts[1:], self.shape[0] * self.shape[1])
        return np.asarray(ends - self.starts, np.int64)

    def spread(self, values: NDArray[S]) -> NDArray[S]:
        """Return the array in which each pixel has its run's value."""
        return np.repeat(values, self.sizes).reshape(self.shape)

    def edge(self, side: str) -> Numbers:
        """Return the part of each pixel of an edge: top, bottom, left or right."""
        height, width = self.shape
        first = np.searchsorted(self.starts, np.arange(height) * width)
        if side == "left":
            return np.asarray(self.part[first])
        if side == "right":
            return np.asarray(self.part[np.append(first[1:], len(self.starts)) - 1])
        end = int(first[1]) if height > 1 else len(self.starts)
        runs = slice(0, end) if side == "top" else slice(int(first[-1]), None)
        return np.repeat(self.part[runs], self.sizes[runs])


def local_parts(ids: Ids) -> LocalParts:
    """Find the parts of one array."""
    height, width = ids.shape
    begins = np.empty(ids.shape, bool)
    begins[:, 0] = True
    np.not_equal(ids[:, 1:], ids[:, :-1], out=begins[:, 1:])
    starts = np.flatnonzero(begins)
    values = ids.reshape(-1)[starts] if ids.flags.c_contiguous else ids[begins]
    # Where a run begins above or below, a stretch begins in which one lies above another.
    stretches = np.flatnonzero(begins[:-1] | begins[1:])
    flat = begins.reshape(-1)
    upper = np.cumsum(flat[stretches]) - 1
    in_first = int(np.searchsorted(starts, width))
    lower = np.cumsum(flat[stretches + width]) - 1 + in_first
    lengths = np.diff(stretches, append=(height - 1) * width)
    same = values[upper] == values[lower]
    count, part = joined(len(starts), upper[same], lower[same])
    return LocalParts(ids.shape, starts, values, part, count, upper, lower, lengths)


def joined(count: int, one: Numbers, other: Numbers) -> tuple[int, Numbers]:
    """Join things in pairs: return how many groups there are, and the group of each thing."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    links = coo_array((np.ones(len(one), np.int8), (one, other)), (count, count))
    groups, group = connected_components(links, directed=False)
    return int(groups), np.asarray(group, np.int64)


@dataclass(frozen=True, eq=False)
class Parts:
    """The parts of a whole mask; arrays with an entry a part, in reading order of ``first``.

    ``first`` is a part's first pixel, row × width + column. ``boxes`` are top, left, bottom
    and right. ``piece`` gives the part of each piece that a block has of it; ``offsets``,
    the number of the first piece of each block.
    """

    image: Box
    ids: Ids
    areas: Numbers
    boxes: Numbers
    first: Numbers
    piece: Numbers
    offsets: dict[tuple[int, int], int]
    borders: "Borders | None" = None

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, eq=False)
class Borders:
    """How long parts of different ids lie side by side, in pixels; each pair both ways."""

    part: Numbers
    beside: Numbers
    length: Numbers

    def at(self, places: Numbers) -> "Borders":
        """Return some of them, in this order."""
        return Borders(self.part[places], self.beside[places], self.length[places])

    def by_beside(self) -> "Borders":
        """Return them sorted by the part that lies beside."""
        return self.at(np.argsort(self.beside, kind="stable"))


def parts_of(
    read: Callable[[Box], Ids],
    image: Box,
    task: Task,
    text: str,
    beside: Matters | None = None,
) -> Parts:
    """Find the parts of a mask of any size, block by block.

    With ``beside`` also, along how many pixels they border on others; asked for the pieces of
    a block (their ids and areas in it), it tells of which that matters.
    """
    survey = _Survey(image, beside)
    todo = list(blocks(image))
    for done, box in enumerate(todo):
        task.report(done, len(todo), text)
        survey.add(box, local_parts(read(box)))
    task.report(len(todo), len(todo), text)
    return survey.finish()


class _Survey:
    """Collects the pieces of parts block by block, and which of them touch."""

    def __init__(self, image: Box, beside: Matters | None) -> None:
        self._image, self._beside = image, beside
        self._count = 0
        self._offsets: dict[tuple[int, int], int] = {}
        self._pieces: list[tuple[Numbers, ...]] = []
        self._same: list[Numbers] = []
        self._other: list[Numbers] = []
        # Number and id of the pixels above and left of the next block.
        self._above = np.full((2, image.width), -1, np.int64)
        self._left = np.full((2, 0), -1, np.int64)

    def add(self, box: Box, local: LocalParts) -> None:
        ids, *numbers = _described(local, box, self._image)
        offset = self._offsets[box.top, box.left] = self._count
        self._count += local.count
        self._pieces.append((ids, *numbers))
        if self._beside is not None:
            matters = self._beside(ids.astype(np.uint8), numbers[0])
            self._note_inner(local, offset, matters)
        top, left, bottom, right = (
            np.stack([part + offset, ids[part]])
            for part in map(local.edge, ("top", "left", "bottom", "right"))
        )
        columns = slice(box.left - self._image.left, box.right - self._image.left)
        if box.top > self._image.top:
            self._meet(self._above[:, columns], top)
        if box.left > self._image.left:
            self._meet(self._left, left)
        self._above[:, columns], self._left = bottom, right

    def _meet(self, one: Numbers, other: Numbers) -> None:
        """Note which pieces touch along a border between blocks."""
        begins = np.append(True, (np.diff(one[0]) != 0) | (np.diff(other[0]) != 0))
        at = np.flatnonzero(begins)
        lengths = np.diff(at, append=one.shape[1])
        same = one[1, at] == other[1, at]
        self._same.append(np.stack([one[0, at], other[0, at]])[:, same])
        if self._beside is not None:
            self._other.append(np.stack([one[0, at], other[0, at], lengths])[:, ~same])

    def _note_inner(self, local: LocalParts, offset: int, matters: NDArray[np.bool_]) -> None:
        """Note along how many pixels the pieces of a block that matter border on others."""
        width = local.shape[1]
        next_to = np.flatnonzero(local.starts[1:] % width)  # not over the end of a row
        one = np.concatenate([local.part[local.upper], local.part[next_to]])
        other = np.concatenate([local.part[local.lower], local.part[next_to + 1]])
        length = np.concatenate([local.lengths, np.ones(len(next_to), np.int64)])
        keep = (one != other) & (matters[one] | matters[other])
        pairs = one[keep] * local.count + other[keep]
        kinds, place = np.unique(pairs, return_inverse=True)
        total = np.bincount(place, length[keep], len(kinds)).astype(np.int64)
        one, other = np.divmod(kinds, local.count)
        self._other.append(np.stack([one + offset, other + offset, total]))

    def finish(self) -> Parts:
        same = np.concatenate([np.zeros((2, 0), np.int64), *self._same], 1)
        count, piece = joined(self._count, same[0], same[1])
        columns = [np.concatenate(column) for column in zip(*self._pieces, strict=True)]
        ids, areas, first, *edges = columns
        firsts = np.full(count, np.iinfo(np.int64).max)
        np.minimum.at(firsts, piece, first)
        order = np.argsort(firsts)
        rank = np.empty(count, np.int64)
        rank[order] = np.arange(count)
        piece = rank[piece]
        boxes = np.empty((count, 4), np.int64)
        for side, edge in enumerate(edges):
            boxes[:, side] = np.iinfo(np.int64).max if side < 2 else -1
            (np.minimum if side < 2 else np.maximum).at(boxes[:, side], piece, edge)
        kinds = np.empty(count, np.uint8)
        kinds[piece] = ids
        total = np.zeros(count, np.int64)
        np.add.at(total, piece, areas)
        return Parts(
            self._image, kinds, total, boxes, firsts[order], piece, self._offsets,
            self._borders(piece, count) if self._beside else None,
        )  # fmt: skip

    def _borders(self, piece: Numbers, count: int) -> Borders:
        one, other, length = np.concatenate([np.zeros((3, 0), np.int64), *self._other], 1)
        one, other = piece[one], piece[other]
        both, beside = np.concatenate([one, other]), np.concatenate([other, one])
        return Borders(both, beside, np.concatenate([length, length]))


def _described(local: LocalParts, box: Box, image: Box) -> Iterable[Numbers]:
    """Return id, area, first pixel and top, left, bottom, right of each piece of a block."""
    width = local.shape[1]
    sizes = local.sizes
    rows, columns = np.divmod(local.starts, width)
    by_part = np.argsort(local.part, kind="stable")
    begin = np.searchsorted(local.part[by_part], np.arange(local.count))
    first = by_part[begin]
    rows, columns = rows + box.top, columns + box.left
    ends = columns + sizes
    return (
        local.ids[first].astype(np.int64),
        np.add.reduceat(sizes[by_part], begin),
        (rows[first] - image.top) * image.width + columns[first] - image.left,
        rows[first],
        np.minimum.reduceat(columns[by_part], begin),
        np.maximum.reduceat(rows[by_part], begin) + 1,
        np.maximum.reduceat(ends[by_part], begin),
    )
