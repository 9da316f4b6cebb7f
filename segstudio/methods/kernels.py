"""Labelling pixels by the nearest of some centres, by colour and perhaps by place."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.task import Task
from segstudio.domain.tiles import Ids
from segstudio.domain.tiling import Tile
from segstudio.imaging.lab import lab_codes
from segstudio.methods.clustering import Points
from segstudio.methods.colours import Codes

ROWS = 64
"""Rows that are labelled at once, so that they stay in the cache."""


@dataclass(frozen=True, eq=False)
class Kernels:
    """Centres that every pixel is compared with by itself: their bands, then perhaps x and y.

    ``scales`` turns the codes of each band into the units of the centres. ``position`` does the
    same for x and y, in pixels of the whole picture; None where the place plays no part.
    """

    centres: Points
    scales: tuple[float, ...]
    lab: bool = False
    position: float | None = None

    def label(self, codes: Codes, tile: Tile, task: Task) -> Ids:
        """Return each pixel's nearest centre.

        Band after band and without BLAS, so that the result does not depend on the tile's shape.
        """
        height, width, bands = codes.shape
        ids = np.empty((height, width), np.uint8)
        colours = self.centres[:, :bands]
        factors = (-2 * colours * np.array(self.scales)).astype(np.float32)
        across, down = self._from_places(tile, height, width)
        down = (down + (colours**2).sum(1)[:, None]).astype(np.float32)
        for top in range(0, height, ROWS):
            rows = slice(top, top + ROWS)
            part = lab_codes(codes[rows]) if self.lab else codes[rows]
            planes = np.moveaxis(part, 2, 0).astype(np.float32)
            least = np.full(planes.shape[1:], np.inf, np.float32)
            product = np.empty_like(least)
            for cluster in range(len(colours)):
                task.report(top, height, "Labelling")
                score = down[cluster, rows, None] + across[cluster]
                for plane, factor in zip(planes, factors[cluster], strict=True):
                    score += np.multiply(plane, factor, out=product)
                np.copyto(ids[rows], np.uint8(cluster), where=score < least)
                np.minimum(least, score, out=least)
        return ids

    def _from_places(
        self, tile: Tile, height: int, width: int
    ) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
        """Return how far each column and each row is from each centre, squared."""
        number = len(self.centres)
        if self.position is None:
            return np.zeros((number, width), np.float32), np.zeros((number, height))
        box = tile.box
        x = box.left + (np.arange(width) + 0.5) * (box.width / width)
        y = box.top + (np.arange(height) + 0.5) * (box.height / height)
        across = (x * self.position - self.centres[:, -2, None]) ** 2
        down = (y * self.position - self.centres[:, -1, None]) ** 2
        return across.astype(np.float32), down
