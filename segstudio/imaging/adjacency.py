"""Which regions of a picture touch, and along how many pixels."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Labels = NDArray[np.int32]
"""Height × width, regions numbered from 0."""

Places = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Borders:
    """Pairs of regions that touch (by 4 neighbours), each with the pixels along which they do."""

    pairs: NDArray[np.int32]
    """Pairs × 2, the smaller number first, in rising order."""

    lengths: NDArray[np.intp]
    """How many pairs of pixels touch."""

    _first: Places
    _second: Places
    """Flat places of the touching pixels, those of a pair of regions together."""

    @classmethod
    def of(cls, labels: Labels) -> "Borders":
        first, second = _touching(labels)
        flat = labels.ravel()
        one, other = flat[first], flat[second]
        count = int(flat.max(initial=0)) + 1
        keys = np.minimum(one, other).astype(np.int64) * count + np.maximum(one, other)
        order = np.argsort(keys, kind="stable")
        found, lengths = np.unique(keys, return_counts=True)
        pairs = np.stack(np.divmod(found, count), 1).astype(np.int32)
        return cls(pairs, lengths, first[order], second[order])

    def lowest(self, heights: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return for each pair the least height at which one gets from one region to the other.

        ``heights`` is as large as the picture.
        """
        if not len(self.lengths):
            return np.empty(0, np.float32)
        flat = heights.ravel()
        passes = np.maximum(flat[self._first], flat[self._second])
        starts = np.cumsum(self.lengths) - self.lengths
        return np.asarray(np.minimum.reduceat(passes, starts))


def _touching(labels: Labels) -> tuple[Places, Places]:
    """Return the flat places of neighbouring pixels that lie in different regions."""
    width = labels.shape[1]
    across = np.flatnonzero(labels[:, 1:] != labels[:, :-1])
    across += across // max(width - 1, 1)
    along = np.flatnonzero(labels[1:] != labels[:-1])
    first = np.concatenate([across, along])
    return first, np.concatenate([across + 1, along + width])


class Unions:
    """Regions that are united step by step (a forest of disjoint sets)."""

    def __init__(self, count: int) -> None:
        self._parent = list(range(count))

    def of(self, region: int) -> int:
        """Return the region that stands for all those united with this one."""
        parent = self._parent
        while parent[region] != region:
            parent[region] = parent[parent[region]]
            region = parent[region]
        return region

    def unite(self, kept: int, other: int) -> None:
        """Let ``kept``, which stands for its regions, stand for those of ``other`` too."""
        self._parent[other] = kept

    def numbers(self) -> NDArray[np.int32]:
        """Return for each region the number, from 0 without gaps, of those it is united with."""
        roots = [self.of(region) for region in range(len(self._parent))]
        return np.unique(roots, return_inverse=True)[1].astype(np.int32)
