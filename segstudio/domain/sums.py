"""Means over the parts into which cuts divide a picture."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

TENTH = 0.1


def cuts_of(edges: NDArray[np.int32], stride: int, length: int) -> NDArray[np.intp]:
    """Return the edges in the reduced picture, the end among them."""
    cuts = np.minimum(np.round(edges / stride).astype(np.intp), length)
    cuts[-1] = length
    return cuts


class Sums:
    """Takes means over the cells of a grid, of the pixels that hold data."""

    def __init__(self, rows: NDArray[np.intp], columns: NDArray[np.intp], weight: Floats) -> None:
        self.rows, self.columns, self.weight = rows, columns, weight
        self._full = bool(weight.all())
        self._count = np.outer(np.diff(rows), np.diff(columns)).ravel().astype(np.float32)
        self._held = self._sum(weight[None])[0]
        self.share = (self._held / self._count).astype(np.float32)
        """Share of each cell that holds data."""

    def _sum(self, planes: Floats) -> Floats:
        down = np.add.reduceat(planes, self.rows[:-1], 1)
        both = np.add.reduceat(down, self.columns[:-1], 2)
        return np.asarray(both.reshape(len(planes), -1), np.float32)

    def means(self, planes: Floats) -> Floats:
        """Return cells × planes."""
        if not self._full:
            planes = np.where(self.weight > 0, planes, np.float32(0))
        return np.asarray((self._sum(planes) / np.maximum(self._held, 1)).T, np.float32)

    def counted(self, ids: NDArray[np.intp], classes: int) -> Floats:
        """Return, cells × classes, the share of the pixels that each class has."""
        rows = np.repeat(np.arange(len(self.rows) - 1), np.diff(self.rows))
        columns = np.repeat(np.arange(len(self.columns) - 1), np.diff(self.columns))
        cell = rows[:, None] * (len(self.columns) - 1) + columns
        found = np.bincount(
            (cell * classes + ids).ravel(), self.weight.ravel(), len(self._count) * classes
        )
        shares = found.reshape(-1, classes) / np.maximum(self._held, 1)[:, None]
        return np.asarray(shares, np.float32)

    def highest(self, plane: Floats) -> Floats:
        """Return the mean of the highest tenth in each cell."""
        out = np.zeros(len(self._count), np.float32)
        place = 0
        for top, bottom in zip(self.rows[:-1], self.rows[1:], strict=True):
            for left, right in zip(self.columns[:-1], self.columns[1:], strict=True):
                values = plane[top:bottom, left:right]
                if not self._full:
                    values = values[self.weight[top:bottom, left:right] > 0]
                if values.size:
                    keep = max(1, round(values.size * TENTH))
                    out[place] = np.partition(values, values.size - keep, None)[-keep:].mean()
                place += 1
        return out
