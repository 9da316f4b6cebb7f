"""Putting the encoder features of windows together to those of the picture."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.features import FeatureMap
from segstudio.domain.geometry import Box


class Gathered:
    """The map of a picture of ``height`` × ``width`` pixels, filled window by window."""

    def __init__(self, height: int, width: int) -> None:
        self._size = height, width
        self._map: FeatureMap | None = None

    @property
    def map(self) -> FeatureMap:
        assert self._map is not None, "nothing was put in"
        return self._map

    def put(self, given: NDArray[Any], seen: Box, core: Box) -> None:
        """Take the cells over ``core`` from what was given, 1 × F × h × w, for the pixels ``seen``.

        ``seen`` may reach beyond the picture. Of cells that two windows share the later counts.
        """
        values = np.asarray(given[0], np.float32)
        cell = seen.height / values.shape[1], seen.width / values.shape[2]
        if self._map is None:
            sides = (math.ceil(side / one) for side, one in zip(self._size, cell, strict=True))
            self._map = FeatureMap(np.zeros((len(values), *sides), np.float32), cell)
        all_down, all_across = self._map.cell
        rows = _places(core.top, core.bottom, all_down)
        columns = _places(core.left, core.right, all_across)
        down = _nearest((rows + 0.5) * all_down - seen.top, cell[0], values.shape[1])
        across = _nearest((columns + 0.5) * all_across - seen.left, cell[1], values.shape[2])
        self._map.values[:, rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] = values[
            :, down[:, None], across
        ]


def _places(start: int, stop: int, cell: float) -> NDArray[np.intp]:
    """Return the cells of the picture that a stretch of it touches."""
    return np.arange(math.floor(start / cell), math.ceil(stop / cell), dtype=np.intp)


def _nearest(points: NDArray[np.floating[Any]], cell: float, count: int) -> NDArray[np.intp]:
    """Return the cells of a window that lie over points of it, or nearest to them."""
    return np.asarray(np.floor(points / cell).clip(0, count - 1), np.intp)
