"""Encoder features: the map in which a network says what it sees, cell by cell."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Cuts = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class FeatureMap:
    """What the deepest layer of an encoder says of a picture, from its corner on.

    ``values`` are F × h × w, ``cell`` the height and width of a cell in pixels. The last cells
    may reach beyond the picture.
    """

    values: Floats
    cell: tuple[float, float]

    def every(self, step: int) -> "FeatureMap":
        """Return the map of a picture of which every ``step``th pixel is left, both ways."""
        return FeatureMap(self.values, (self.cell[0] / step, self.cell[1] / step))

    def pooled(self, rows: Cuts, columns: Cuts, valid: Floats) -> Floats:
        """Return, regions × F, the means over the pixels of regions that hold data.

        ``valid`` is 1 where a pixel does, else 0; ``rows`` and ``columns`` are where it is cut
        into regions, its ends among them. So a cell counts as much as it lies in a region, and a
        region inside one cell has what that says. A region without data has zeros; a value that
        is no number counts as 0.
        """
        down = _cells(valid.shape[0], self.cell[0], self.values.shape[1])
        across = _cells(valid.shape[1], self.cell[1], self.values.shape[2])
        columns_of = np.repeat(np.arange(len(columns) - 1), np.diff(columns))
        parts = [
            self._row(down[top:bottom], across, columns_of, valid[top:bottom], len(columns) - 1)
            for top, bottom in pairwise(rows)
        ]
        return np.concatenate(parts)

    def _row(self, down: Cuts, across: Cuts, region: Cuts, valid: Floats, regions: int) -> Floats:
        """Return the means of one row of regions."""
        band = self.values[:, down[0] : down[-1] + 1]
        cells = band.reshape(len(band), -1)
        place = (down - down[0])[:, None] * band.shape[2] + across + region * cells.shape[1]
        found = np.bincount(place.ravel(), valid.ravel(), regions * cells.shape[1])
        weights = found.reshape(regions, -1).astype(np.float32)
        known = np.nan_to_num(cells, nan=0, posinf=0, neginf=0)
        return np.asarray((weights @ known.T) / np.maximum(weights.sum(1), 1)[:, None], np.float32)


def _cells(length: int, size: float, count: int) -> Cuts:
    """Return the cell that each row or column of pixels lies in."""
    return np.minimum((np.arange(length) / size).astype(np.intp), count - 1)
