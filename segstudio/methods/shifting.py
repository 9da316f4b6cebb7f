"""Mean shift on weighted points: centres climb to where the points are densest.

Source: D. Comaniciu and P. Meer, Mean shift: a robust approach toward feature space analysis,
2002, with a flat kernel as scikit-learn has it.
"""

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.task import Task
from segstudio.methods.choosing import distances
from segstudio.methods.clustering import Counts, Points, some

QUANTILE = 0.2
"""The share of the points that an estimated bandwidth reaches from a point, on average."""

SEEN = 1500
FEW = 3000
"""Points that the bandwidth is estimated from, and that centres climb on."""

CLIMBERS = 400
"""Centres that start to climb, at most: those with the most points around."""

MODES = 254
ROUNDS = 100
RESTS = 1e-3
"""A centre rests that moves less than this share of the bandwidth."""

LEAST = 1.0
"""The smallest bandwidth, in units of the points."""


def modes(points: Points, counts: Counts, bandwidth: float | None, seed: int, task: Task) -> Points:
    """Return where the density has its peaks, the highest first, 254 at most.

    Peaks closer than ``bandwidth`` are one. Without one it is estimated.
    """
    random = np.random.default_rng(seed)
    few, weights = some(points, counts, FEW, random)
    reach = bandwidth or estimated(*some(few, weights, SEEN, random), QUANTILE)
    reach = max(reach, LEAST)
    # 32 bits are twice as fast, and fine enough for codes.
    narrow = few.astype(np.float32)
    squares = (narrow**2).sum(1)
    sums = (
        np.hstack([narrow, np.ones((len(few), 1), np.float32)])
        * weights.astype(np.float32)[:, None]
    )
    centres = _climbers(few, weights, reach).astype(np.float32)
    held = np.zeros(len(centres))
    moving = np.arange(len(centres))
    for done in range(ROUNDS):
        task.report(done, ROUNDS, "Climbing to where colours are dense")
        at = centres[moving]
        apart = squares - 2 * (at @ narrow.T) + (at**2).sum(1)[:, None]
        found = (apart <= reach * reach).astype(np.float32) @ sums
        held[moving] = found[:, -1]
        # A centre that reaches nothing stays where it is.
        reached = found[:, -1:] > 0
        centres[moving] = np.where(reached, found[:, :-1] / np.where(reached, found[:, -1:], 1), at)
        moved = np.sqrt(((centres[moving] - at) ** 2).sum(1))
        moving = moving[moved > RESTS * reach]
        if not len(moving):
            break
    return _apart(centres.astype(np.float64), held, reach)


def estimated(points: Points, counts: Counts, quantile: float) -> float:
    """Return how far from a point that share of all points lies, on average over the points."""
    apart = distances(points)
    order = apart.argsort(1)
    reached = np.cumsum(counts[order], 1) >= max(np.floor(counts.sum() * quantile), 1)
    edge = np.take_along_axis(apart, order, 1)[np.arange(len(points)), reached.argmax(1)]
    return float(np.average(edge, weights=counts))


def _climbers(points: Points, counts: Counts, reach: float) -> Points:
    """Return the corners of a grid around which points lie, those with the most first."""
    grid, place = np.unique(np.rint(points / reach), axis=0, return_inverse=True)
    number = np.bincount(place.ravel(), counts)
    return np.asarray(grid[np.argsort(-number, kind="stable")[:CLIMBERS]] * reach)


def _apart(centres: Points, held: NDArray[np.float64], reach: float) -> Points:
    """Return the centres that hold the most points, none within reach of another."""
    kept: list[int] = []
    for one in np.lexsort((*centres.T, held))[::-1]:
        if held[one] <= 0 or len(kept) == MODES:
            break
        near = ((centres[kept] - centres[one]) ** 2).sum(1) <= reach * reach
        if not near.any():
            kept.append(int(one))
    return centres[kept]
