"""Groups of similar colours."""

from dataclasses import dataclass, field
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.task import Task
from segstudio.domain.tiles import Ids
from segstudio.domain.tiling import Tile
from segstudio.methods.clustering import assign, kmeans
from segstudio.methods.colours import BITS, Codes, ColourHistogram, Encoding, bins_of, middle_of
from segstudio.methods.greys import usable, weights
from segstudio.methods.samples import QUIET, Samples, nothing_valid
from segstudio.methods.segmenter import Family, Seeds, segmenters

ROWS = 64
"""Rows that are labelled at once where there is no table, so that they stay in the cache."""


@dataclass(frozen=True, eq=False)
class Clusters:
    """The state of k-means: cluster centres from dark to light, as codes of the encoding.

    ``table`` gives each colour bin's cluster; None for pictures of more than three bands.
    """

    encoding: Encoding
    centres: NDArray[np.float64]
    table: NDArray[np.uint8] | None

    @property
    def colours(self) -> NDArray[np.float64]:
        """The centres, clusters × bands, in the picture's own numbers."""
        return self.encoding.decode(self.centres)


@segmenters.add
@dataclass(frozen=True)
class KMeans:
    """Groups pixels by colour (Lloyd's algorithm on the weighted colour histogram).

    Distances are taken in RGB, or in CIELAB, where they are nearer to what people see; pictures
    without three bands are grouped by their bands as they are. Bands of other than 8 bits are
    stretched first.
    """

    title: ClassVar[str] = "k-means"
    family: ClassVar[Family] = "Clusters"
    seeds: ClassVar[Seeds] = "none"
    whole: ClassVar[bool] = False
    halo: ClassVar[int] = 0

    clusters: int = field(default=4, metadata={"label": "Clusters", "range": (2, 20)})
    space: Literal["rgb", "lab"] = field(default="rgb", metadata={"label": "Colour space"})
    seed: int = field(default=0, metadata={"label": "Random seed", "range": (0, 9999)})

    def fit(self, samples: Samples, task: Task) -> Clusters:
        found = samples.colours(task)
        if not len(found.colours):
            raise nothing_valid()
        points = self._points(found.colours)
        centres = kmeans(points, found.counts, self.clusters, self.seed, task)
        ids = _nearest(points, centres)
        order, means = _by_lightness(found, ids)
        place = np.full(len(centres), UNLABELLED, np.uint8)
        place[order] = np.arange(len(order))
        table = None
        if found.bins is not None:
            # Colours that the samples lack go by the middle of their bin, the others by the
            # mean of those that lie in it.
            bins = 1 << (BITS[found.encoding.bands] * found.encoding.bands)
            middles = self._points(middle_of(bins, found.encoding.bands))
            table = place[_nearest(middles, centres[order], order)]
            table[found.bins] = place[ids]
        return Clusters(found.encoding, means, table)

    def _points(self, colours: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return colours (n × bands, 0…255) as points between which distances are taken."""
        return _lab(colours) if self.space == "lab" and colours.shape[1] == 3 else colours

    def apply(self, tile: Tile, state: Clusters, task: Task = QUIET) -> Ids:
        codes = state.encoding.encode(tile.pixels)
        if state.table is None:
            ids = _label(codes, state.centres)
        else:
            ids = state.table.take(bins_of(codes), mode="clip")
        valid = usable(tile)
        if valid is not None:
            ids[~valid] = UNLABELLED
        return ids

    def regions(self, state: Clusters) -> int:
        return len(state.centres)


def _nearest(
    points: NDArray[np.float64],
    centres: NDArray[np.float64],
    names: NDArray[np.intp] | None = None,
) -> NDArray[np.intp]:
    ids = assign(points, (points**2).sum(1), centres)[0]
    return ids if names is None else names[ids]


def _by_lightness(
    found: ColourHistogram, ids: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return the clusters that hold colours, from dark to light, and their mean colours."""
    number = np.bincount(ids, found.counts)
    bands = found.colours.shape[1]
    sums = [np.bincount(ids, found.colours[:, b] * found.counts) for b in range(bands)]
    held = np.flatnonzero(number)
    means = np.stack([total[held] / number[held] for total in sums], 1)
    lightness = found.encoding.decode(means) @ np.array(weights(bands))
    order = np.argsort(lightness, kind="stable")
    return held[order], means[order]


def _label(codes: Codes, centres: NDArray[np.float64]) -> Ids:
    """Return each pixel's nearest centre.

    Band after band and without BLAS, so that the result does not depend on the tile's shape.
    """
    ids = np.empty(codes.shape[:2], np.uint8)
    factors = (-2 * centres).astype(np.float32)
    squares = (centres**2).sum(1).astype(np.float32)
    for top in range(0, len(codes), ROWS):
        bands = np.moveaxis(codes[top : top + ROWS], 2, 0).astype(np.float32)
        least = np.full(bands.shape[1:], np.inf, np.float32)
        part = ids[top : top + ROWS]
        for cluster, square in enumerate(squares):
            score = np.full(least.shape, square)
            for band, factor in zip(bands, factors[cluster], strict=True):
                score += band * factor
            np.copyto(part, np.uint8(cluster), where=score < least)
            np.minimum(least, score, out=least)
    return ids


def _lab(colours: NDArray[np.float64]) -> NDArray[np.float64]:
    import cv2

    plane = (colours / 255).astype(np.float32).reshape(1, -1, 3)
    return np.asarray(cv2.cvtColor(plane, cv2.COLOR_RGB2Lab), np.float64).reshape(-1, 3)
