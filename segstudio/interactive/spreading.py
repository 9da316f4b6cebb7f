"""Spreading from a pixel through an area of any size, block by block.

A block is read when the spreading reaches its border; of those passed only the borders are
kept. Blocks that are entered again and again (spirals, noise) get their parts numbered
once, are then gone through by numbers alone, and are handed out at the end.
"""

from collections import deque
from collections.abc import Iterator
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.geometry import Box
from segstudio.domain.stroke import Region
from segstudio.domain.task import Task
from segstudio.interactive.blocks import BLOCK, blocks
from segstudio.interactive.patch import Patch

VISITS = 4
"""How often a block is gone into before its parts are numbered."""

S = TypeVar("S", bound=np.generic)

Place = tuple[int, int]
"""Row and column of a pixel, or of a block."""

Line = NDArray[np.bool_]

SIDES: tuple[tuple[int, int], ...] = ((-1, 0), (0, -1), (1, 0), (0, 1))
"""Steps in rows and columns to the blocks above, left, below and right; two on is across."""


class Area(Protocol):
    """Where the spreading may go."""

    @property
    def image(self) -> Box:
        """The box around it, outside which it does not reach."""

    def inside(self, box: Box) -> Region | bool:
        """Return which pixels of a box belong to it; True or False for all or none."""


class ArrayArea:
    """An area that fits into one array, whose first pixel is the image's."""

    def __init__(self, region: Region) -> None:
        self.image = Box(0, 0, *region.shape)
        self._region = region

    def inside(self, box: Box) -> Region | bool:
        return self._region[box.slices]


class _Block:
    """What is known of a block that the spreading has come to."""

    def __init__(self, box: Box) -> None:
        self.box = box
        self.visits = 0
        lengths = (box.width, box.height, box.width, box.height)
        self.waiting = [np.zeros(length, bool) for length in lengths]
        self.tried = [np.zeros(length, bool) for length in lengths]
        self.numbers: list[NDArray[np.int32]] | None = None
        self.due: set[int] = set()

    def enter(self, side: int, line: Line) -> bool:
        """Note where the spreading comes over a border; tell whether that is anything new."""
        fresh = line & ~self.tried[side]
        self.waiting[side] |= fresh
        return bool(fresh.any())

    def leave(self, lines: list[Line]) -> None:
        """Note what was reached of the borders: nothing waits there, now or later."""
        for side, line in enumerate(lines):
            self.tried[side] |= line | self.waiting[side]
            self.waiting[side][:] = False

    def begin(self, area: Area) -> None:
        """Number the block's parts; remember the numbers along its borders."""
        self.numbers = [line.copy() for line in _borders(_numbered(area, self.box))]

    def walk(self) -> list[Line]:
        """Spread by numbers; return what is reached of the borders."""
        assert self.numbers is not None
        lines = zip(self.numbers, self.waiting, strict=True)
        found = np.concatenate([numbers[line] for numbers, line in lines])
        fresh = np.unique(found[found > 0])
        self.due.update(fresh.tolist())
        return [np.isin(numbers, fresh) for numbers in self.numbers]


def spread(area: Area, starts: list[Place], task: Task, text: str) -> Iterator[Patch]:
    """Yield the pixels of an area that are connected (by 4 neighbours) with the starts.

    The patches lie each inside a block and do not overlap.
    """
    known: dict[Place, _Block] = {}
    queue = deque(sorted({(row // BLOCK, column // BLOCK) for row, column in starts}))
    first = {place: [s for s in starts if (s[0] // BLOCK, s[1] // BLOCK) == place]
             for place in queue}  # fmt: skip
    total = sum(1 for _ in blocks(area.image))
    while queue:
        task.report(min(len(known), total), total, text)
        place = queue.popleft()
        block = known.setdefault(place, _Block(_block_box(place, area.image)))
        lines, patch = _visit(area, block, first.pop(place, []))
        block.leave(lines)
        _pass_on(area.image, known, queue, place, lines)
        if patch:
            yield patch
    for done, block in enumerate(block for block in known.values() if block.due):
        task.report(done, len(known), text)
        yield Patch(block.box, np.isin(_numbered(area, block.box), list(block.due)))
    task.report(total, total, text)


def _block_box(place: Place, image: Box) -> Box:
    top, left = place[0] * BLOCK, place[1] * BLOCK
    return Box(top, left, top + BLOCK, left + BLOCK).clipped(image)


def _visit(area: Area, block: _Block, starts: list[Place]) -> tuple[list[Line], Patch]:
    """Spread inside a block from all that waits at its borders; return the borders and what."""
    block.visits += 1
    if block.visits > VISITS:
        if block.numbers is None:
            block.begin(area)
        return block.walk(), Patch.empty()
    inside = area.inside(block.box)
    if isinstance(inside, bool):
        patch = Patch.whole(block.box) if inside else Patch.empty()
        return [np.full(len(line), inside) for line in block.waiting], patch
    region = _flooded(inside, _entries(inside, block, starts))
    return _borders(region), Patch(block.box, region)


def _entries(inside: Region, block: _Block, starts: list[Place]) -> list[Place]:
    """Return pixels (in the block) of all stretches of the area that wait at its borders."""
    entries = [(row - block.box.top, column - block.box.left) for row, column in starts]
    for side, waiting in enumerate(block.waiting):
        open = waiting & _borders(inside)[side]
        begins = open.copy()
        begins[1:] &= ~open[:-1]
        for at in np.flatnonzero(begins):
            row = (0, at, block.box.height - 1, at)[side]
            column = (at, 0, at, block.box.width - 1)[side]
            entries.append((int(row), int(column)))
    return entries


def _flooded(inside: Region, entries: list[Place]) -> Region:
    """Return the pixels of an area that are connected with the entries."""
    import cv2

    ids = np.ascontiguousarray(inside).view(np.uint8)
    height, width = ids.shape
    mask = np.zeros((height + 2, width + 2), np.uint8)
    flags = 4 | cv2.FLOODFILL_MASK_ONLY | (1 << 8)
    for row, column in entries:
        if ids[row, column] and not mask[row + 1, column + 1]:
            cv2.floodFill(ids, mask, (column, row), 0, flags=flags)
    return mask[1:-1, 1:-1].view(np.bool_)


def _numbered(area: Area, box: Box) -> NDArray[np.int32]:
    """Return the number of each pixel's part, 0 outside the area."""
    import cv2

    inside = area.inside(box)
    region = np.full(box.shape, inside) if isinstance(inside, bool) else inside
    ids = np.ascontiguousarray(region).view(np.uint8)
    return np.asarray(cv2.connectedComponents(ids, connectivity=4)[1])


def _borders(array: NDArray[S]) -> list[NDArray[S]]:
    """Return the first row and column and the last ones, in the order of `SIDES`."""
    return [array[0], array[:, 0], array[-1], array[:, -1]]


def _pass_on(
    image: Box, known: dict[Place, _Block], queue: deque[Place], place: Place, lines: list[Line]
) -> None:
    """Let the neighbours of a block wait for what was reached of its borders."""
    for side, (down, right) in enumerate(SIDES):
        to = place[0] + down, place[1] + right
        box = _block_box(to, image) if min(to) >= 0 else None
        if not box or not lines[side].any():
            continue
        neighbour = known.setdefault(to, _Block(box))
        idle = not any(waiting.any() for waiting in neighbour.waiting)
        if neighbour.enter((side + 2) % 4, lines[side]) and idle and to not in queue:
            queue.append(to)
