"""The numbers behind one line of a chart."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Best = Literal["max", "min"]


class Series:
    """Points with growing x; appending is cheap. Figures that are not finite are left out."""

    def __init__(self, name: str, colour: str, best: Best | None = None) -> None:
        self.name, self.colour, self.best = name, colour, best
        self._points: NDArray[np.float64] = np.empty((2, 256))
        self._count = 0
        self._best: int | None = None

    def __len__(self) -> int:
        return self._count

    def append(self, x: float, y: float) -> None:
        if not np.isfinite(y):
            return
        if self._count == self._points.shape[1]:
            self._points = np.concatenate([self._points, np.empty_like(self._points)], axis=1)
        self._points[:, self._count] = x, y
        self._count += 1
        if self.best and (self._best is None or self._beats(y, float(self.ys[self._best]))):
            self._best = self._count - 1

    def _beats(self, new: float, old: float) -> bool:
        return new > old if self.best == "max" else new < old

    @property
    def xs(self) -> NDArray[np.float64]:
        return self._points[0, : self._count]

    @property
    def ys(self) -> NDArray[np.float64]:
        return self._points[1, : self._count]

    def best_index(self) -> int | None:
        """Return the place of the best point so far, the first of equals."""
        return self._best

    def nearest(self, x: float) -> int:
        """Return the place of the point nearest to x; there must be one."""
        after = int(np.searchsorted(self.xs, x))
        if after == 0:
            return 0
        if after == self._count:
            return self._count - 1
        return after if self.xs[after] - x < x - self.xs[after - 1] else after - 1

    def thinned(self, columns: int) -> NDArray[np.float64]:
        """Return 2 × n points that look the same drawn over that many columns of px.

        Each column keeps its lowest and its highest point, in their order.
        """
        points = self._points[:, : self._count]
        if self._count <= 2 * columns or columns < 1:
            return points
        length = -(-self._count // columns)
        padded = np.full(columns * length, points[1, -1])
        padded[: self._count] = points[1]
        rows = padded.reshape(columns, length)
        ends = np.sort([rows.argmin(1), rows.argmax(1)], axis=0).T
        keep = (ends + np.arange(columns)[:, None] * length).ravel()
        return points[:, np.minimum(keep, self._count - 1)]
