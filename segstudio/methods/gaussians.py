"""Mixtures of Gaussians over weighted points, and labelling pixels by them.

Source: A. Dempster, N. Laird and D. Rubin, Maximum likelihood from incomplete data via the EM
algorithm, 1977.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.task import Task
from segstudio.domain.tiles import Ids
from segstudio.domain.tiling import Tile
from segstudio.methods.clustering import Counts, Points, kmeans, nearest, some
from segstudio.methods.colours import Codes
from segstudio.methods.kernels import ROWS

FEW = 5000
"""Points that the mixture is fitted to."""

ROUNDS = 100
GAIN = 1e-3
"""Fitting stops when the mean logarithm of the density rises less in a round."""

FLOOR = 1.0
"""Added to every variance, so that none vanishes: about that of colours within one bin."""


@dataclass(frozen=True, eq=False)
class Mixture:
    """Gaussians with their shares of all pixels.

    ``factors`` are the lower triangles L with precision = L Lᵀ, Gaussians × bands × bands.
    """

    shares: NDArray[np.float64]
    means: Points
    factors: NDArray[np.float64]

    def logarithms(self, points: Points) -> NDArray[np.float64]:
        """Return the logarithm of each share times its density at n points, n × Gaussians."""
        found = np.empty((len(points), len(self.shares)))
        for place, factor in enumerate(self.factors):
            away = (points - self.means[place]) @ factor
            found[:, place] = self.heights[place] - (away**2).sum(1) / 2
        return found

    @property
    def heights(self) -> NDArray[np.float64]:
        """The logarithm of each share times its density in the middle."""
        bands = self.means.shape[1]
        sizes = np.log(np.diagonal(self.factors, axis1=1, axis2=2)).sum(1)
        return np.asarray(np.log(self.shares) + sizes - bands / 2 * np.log(2 * np.pi))

    def only(self, kept: NDArray[np.intp]) -> "Mixture":
        """Return some of the Gaussians, in the order given."""
        return Mixture(self.shares[kept], self.means[kept], self.factors[kept])

    def label(self, codes: Codes, tile: Tile, task: Task) -> Ids:
        """Return the Gaussian that each pixel most probably comes from.

        Band after band and without BLAS, so that the result does not depend on the tile's shape.
        """
        ids = np.empty(codes.shape[:2], np.uint8)
        heights = self.heights.astype(np.float32)
        for top in range(0, len(codes), ROWS):
            planes = np.moveaxis(codes[top : top + ROWS], 2, 0).astype(np.float32)
            most = np.full(planes.shape[1:], -np.inf, np.float32)
            part = ids[top : top + ROWS]
            for place, height in enumerate(heights):
                task.report(top, len(codes), "Labelling")
                score = height - _half_square(planes, self.means[place], self.factors[place])
                np.copyto(part, np.uint8(place), where=score > most)
                np.maximum(most, score, out=most)
        return ids


def _half_square(
    planes: NDArray[np.float32], mean: NDArray[np.float64], factor: NDArray[np.float64]
) -> NDArray[np.float32]:
    """Return half the squared Mahalanobis distance of each pixel (bands × height × width)."""
    away = planes - mean.astype(np.float32)[:, None, None]
    factor = factor.astype(np.float32)
    total = np.zeros(planes.shape[1:], np.float32)
    for column in range(len(mean)):
        along = away[column] * factor[column, column]
        for row in range(column + 1, len(mean)):
            if factor[row, column]:
                along += away[row] * factor[row, column]
        total += along * along
    total *= np.float32(0.5)
    return total


def fitted(
    points: Points, counts: Counts, number: int, full: bool, seed: int, task: Task
) -> Mixture:
    """Fit a mixture by expectation and maximisation, starting from k-means.

    ``full`` lets Gaussians lie askew; without it their axes are those of the bands. Fewer than
    ``number`` come back where there are fewer different points.
    """
    few, weights = some(points, counts, FEW, np.random.default_rng(seed))
    centres = kmeans(few, weights, number, seed, task)
    belongs = np.eye(len(centres))[nearest(few, centres)]
    before = -np.inf
    for done in range(ROUNDS):
        task.report(done, ROUNDS, "Fitting Gaussians to the colours")
        mixture = _maximised(few, weights, belongs, full)
        found = mixture.logarithms(few)
        highest = found.max(1, keepdims=True)
        total = highest + np.log(np.exp(found - highest).sum(1, keepdims=True))
        belongs = np.exp(found - total)
        likely = float(np.average(total[:, 0], weights=weights))
        if likely - before < GAIN:
            break
        before = likely
    return mixture


def _maximised(points: Points, counts: Counts, belongs: NDArray[np.float64], full: bool) -> Mixture:
    """Return the mixture that is most likely where each point belongs so much to each part."""
    belongs = belongs * counts[:, None]
    belongs = belongs[:, belongs.sum(0) > 0]
    sizes = belongs.sum(0)
    means = (belongs.T @ points) / sizes[:, None]
    bands = points.shape[1]
    factors = np.empty((len(sizes), bands, bands))
    for place, mean in enumerate(means):
        away = points - mean
        spread = (away * belongs[:, place, None]).T @ away / sizes[place]
        if not full:
            spread = np.diag(np.diagonal(spread))
        factors[place] = np.linalg.cholesky(np.linalg.inv(spread + FLOOR * np.eye(bands)))
    return Mixture(sizes / sizes.sum(), means, factors)
