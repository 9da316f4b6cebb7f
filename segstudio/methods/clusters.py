"""Groups of colours as they are kept: a table from colours to groups, or centres to compare with.

All segmenters that group colours end in this one state.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.task import Task
from segstudio.domain.tiles import Ids
from segstudio.domain.tiling import Tile
from segstudio.imaging.lab import lab_codes
from segstudio.methods.clustering import Points
from segstudio.methods.colours import BITS, Codes, ColourHistogram, Encoding, bins_of, middle_of
from segstudio.methods.greys import usable, weights
from segstudio.methods.samples import QUIET

ROWS = 64
"""Rows that are labelled at once where there is no table, so that they stay in the cache."""

Label = Callable[[NDArray[np.float64]], NDArray[np.integer]]
"""What says which group each of n × bands colours (0…255) belongs to."""


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


@dataclass(frozen=True, eq=False)
class Clusters:
    """Groups of colours: their mean colours from dark to light, as codes of the encoding.

    ``table`` gives each colour bin's group. None where a colour alone does not say it, or for
    pictures of more than three bands: then pixels are compared with the ``kernels``.
    """

    encoding: Encoding
    centres: NDArray[np.float64]
    table: NDArray[np.uint8] | None
    kernels: Kernels | None = None

    @property
    def colours(self) -> NDArray[np.float64]:
        """The centres, clusters × bands, in the picture's own numbers."""
        return self.encoding.decode(self.centres)

    def label(self, tile: Tile, task: Task = QUIET) -> Ids:
        """Return each pixel's group; 255 where it is not valid."""
        codes = self.encoding.encode(tile.pixels)
        if self.table is not None:
            ids = self.table.take(bins_of(codes), mode="clip")
        else:
            assert self.kernels is not None
            ids = _nearest(codes, self.kernels, tile, task)
        valid = usable(tile)
        if valid is not None:
            ids[~valid] = UNLABELLED
        return ids


class Clustering:
    """What all segmenters have in common whose state is `Clusters`."""

    def apply(self, tile: Tile, state: Clusters, task: Task = QUIET) -> Ids:
        return state.label(tile, task)

    def regions(self, state: Clusters) -> int:
        return len(state.centres)


def by_lightness(
    found: ColourHistogram, ids: NDArray[np.integer]
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return the groups that hold colours, from dark to light, and their mean colours."""
    number = np.bincount(ids, found.counts)
    bands = found.colours.shape[1]
    sums = [np.bincount(ids, found.colours[:, b] * found.counts) for b in range(bands)]
    held = np.flatnonzero(number)
    means = np.stack([total[held] / number[held] for total in sums], 1)
    lightness = found.encoding.decode(means) @ np.array(weights(bands))
    order = np.argsort(lightness, kind="stable")
    return held[order], means[order]


def table_of(found: ColourHistogram, label: Label) -> NDArray[np.uint8] | None:
    """Return the group of each bin; None where the colours are not counted in bins.

    Colours that the samples lack go by the middle of their bin, the others by the mean of those
    that lie in it.
    """
    if found.bins is None:
        return None
    bands = found.encoding.bands
    table = label(middle_of(1 << (BITS[bands] * bands), bands)).astype(np.uint8)
    table[found.bins] = label(found.colours)
    return table


def _nearest(codes: Codes, kernels: Kernels, tile: Tile, task: Task) -> Ids:
    """Return each pixel's nearest centre.

    Band after band and without BLAS, so that the result does not depend on the tile's shape.
    """
    height, width, bands = codes.shape
    ids = np.empty((height, width), np.uint8)
    colours = kernels.centres[:, :bands]
    factors = (-2 * colours * np.array(kernels.scales)).astype(np.float32)
    across, down = _from_places(kernels, tile, height, width)
    down = (down + (colours**2).sum(1)[:, None]).astype(np.float32)
    for top in range(0, height, ROWS):
        task.report(top, height, "Labelling")
        rows = slice(top, top + ROWS)
        part = lab_codes(codes[rows]) if kernels.lab else codes[rows]
        planes = np.moveaxis(part, 2, 0).astype(np.float32)
        least = np.full(planes.shape[1:], np.inf, np.float32)
        product = np.empty_like(least)
        for cluster in range(len(colours)):
            score = down[cluster, rows, None] + across[cluster]
            for plane, factor in zip(planes, factors[cluster], strict=True):
                score += np.multiply(plane, factor, out=product)
            np.copyto(ids[rows], np.uint8(cluster), where=score < least)
            np.minimum(least, score, out=least)
    return ids


def _from_places(
    kernels: Kernels, tile: Tile, height: int, width: int
) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """Return how far each column and each row is from each centre, squared."""
    number = len(kernels.centres)
    if kernels.position is None:
        return np.zeros((number, width), np.float32), np.zeros((number, height))
    box = tile.box
    x = box.left + (np.arange(width) + 0.5) * (box.width / width)
    y = box.top + (np.arange(height) + 0.5) * (box.height / height)
    across = (x * kernels.position - kernels.centres[:, -2, None]) ** 2
    down = (y * kernels.position - kernels.centres[:, -1, None]) ** 2
    return across.astype(np.float32), down
