"""Making labels whole: every one connected, none a speck."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.task import Quiet, Task

Labels = NDArray[np.int32]
"""Height × width; pixels of the same number may lie anywhere."""


QUIET = Quiet()


def tidied(labels: Labels, smallest: int, task: Task = QUIET) -> Labels:
    """Give each connected part (by 4 neighbours) a number of its own, from 0 without gaps.

    Parts of less than ``smallest`` pixels are shared out between their neighbours; where all
    are that small, the largest grow over them.
    """
    task.report(0, 4, "Making regions whole")
    runs = Runs.of(labels)
    task.report(1, 4, "Making regions whole")
    part = runs.connected(labels)
    areas = np.bincount(part, runs.lengths).astype(np.int64)
    kept = areas >= min(smallest, areas.max())
    numbers = np.where(kept, np.cumsum(kept) - 1, -1).astype(np.int32)
    task.report(2, 4, "Making regions whole")
    left = numbers[part][runs.of_pixel]
    task.report(3, 4, "Making regions whole")
    return grown(left)


@dataclass(frozen=True)
class Runs:
    """Stretches of one label along the rows: far fewer than pixels."""

    starts: NDArray[np.bool_]
    """Height × width, where a run begins."""

    of_pixel: Labels
    """Height × width, the number of each pixel's run."""

    @classmethod
    def of(cls, labels: Labels) -> "Runs":
        starts = np.ones(labels.shape, bool)
        np.not_equal(labels[:, 1:], labels[:, :-1], out=starts[:, 1:])
        numbers = np.cumsum(starts, dtype=np.int32).reshape(labels.shape)
        numbers -= 1
        return cls(starts, numbers)

    @property
    def lengths(self) -> NDArray[np.intp]:
        return np.diff(np.append(np.flatnonzero(self.starts), self.starts.size))

    def connected(self, labels: Labels) -> NDArray[np.int32]:
        """Return the number of the connected part to which each run belongs."""
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        touching = labels[1:] == labels[:-1]
        # Two runs touch along a stretch; where it begins is enough.
        touching &= self.starts[1:] | self.starts[:-1]
        above, below = self.of_pixel[:-1][touching], self.of_pixel[1:][touching]
        count = int(self.of_pixel[-1, -1]) + 1
        ones = np.ones(len(above), np.int8)
        graph = coo_array((ones, (above, below)), shape=(count, count))
        return np.asarray(connected_components(graph, directed=False)[1], np.int32)


def grown(numbers: Labels) -> Labels:
    """Fill the pixels of number −1 from their neighbours, from all sides at once."""
    height, width = numbers.shape
    framed = np.full((height + 2, width + 2), -1, np.int32)
    framed[1:-1, 1:-1] = numbers
    flat, row = framed.ravel(), width + 2
    inside = np.zeros(framed.shape, bool)
    inside[1:-1, 1:-1] = numbers < 0
    empty = np.flatnonzero(inside)
    while len(empty):
        found = flat[empty - 1]
        for step in (1, -row, row):
            found = np.maximum(found, flat[empty + step])
        flat[empty] = found
        empty = empty[found < 0]
    return np.ascontiguousarray(framed[1:-1, 1:-1])
