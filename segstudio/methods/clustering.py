"""k-means on weighted points.

Sources: S. Lloyd, Least squares quantization in PCM, 1982; D. Arthur and S. Vassilvitskii,
k-means++, 2007, with several candidates a step as they advise.
"""

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.task import Task

Points = NDArray[np.float64]
"""n × bands."""

STARTS = 8
"""How many starts are tried on a few points before the best goes on with all of them."""

FEW = 4000
ROUNDS = 60
MOVED = 0.1
"""Lloyd stops when no centre moves further, in units of the points."""


def kmeans(
    points: Points, counts: NDArray[np.float64], clusters: int, seed: int, task: Task
) -> Points:
    """Return the centres (clusters × bands) with a small sum of squares; fewer than asked for
    where there are fewer different points.
    """
    random = np.random.default_rng(seed)
    # Sorting all the points would take as long as the rest.
    if len(np.unique(points[:FEW], axis=0)) <= clusters:
        different = np.unique(points, axis=0)
        if len(different) <= clusters:
            return different
    few, weights = _few(points, counts, random)
    best, least = few[:1], np.inf
    for start in range(STARTS):
        task.report(start, STARTS, "Looking for good starting colours")
        centres, cost = lloyd(few, weights, _scatter(few, weights, clusters, random), task)
        if cost < least:
            best, least = centres, cost
    return lloyd(points, counts, best, task)[0]


def _few(
    points: Points, counts: NDArray[np.float64], random: np.random.Generator
) -> tuple[Points, NDArray[np.float64]]:
    if len(points) <= FEW:
        return points, counts
    drawn = random.choice(len(points), FEW, p=counts / counts.sum())
    chosen, times = np.unique(drawn, return_counts=True)
    return points[chosen], times.astype(np.float64)


def _scatter(
    points: Points, counts: NDArray[np.float64], clusters: int, random: np.random.Generator
) -> Points:
    """Choose starting centres by k-means++: far from each other, where there are many points."""
    centres = points[random.choice(len(points), 1, p=counts / counts.sum())]
    nearest = ((points - centres[0]) ** 2).sum(1)
    tries = 2 + int(np.log(clusters))
    while len(centres) < clusters and (chance := nearest * counts).sum() > 0:
        candidates = random.choice(len(points), tries, p=chance / chance.sum())
        reached = [np.minimum(nearest, ((points - points[c]) ** 2).sum(1)) for c in candidates]
        best = int(np.argmin([(r * counts).sum() for r in reached]))
        nearest = reached[best]
        centres = np.vstack([centres, points[candidates[best]]])
    return centres


def lloyd(
    points: Points, counts: NDArray[np.float64], centres: Points, task: Task
) -> tuple[Points, float]:
    """Move centres to the means of their points until they rest; return them and the cost.

    A centre that loses all its points moves to the point that is worst represented.
    """
    weighted = points * counts[:, None]
    squares = (points**2).sum(1)
    for done in range(ROUNDS):
        task.report(done, ROUNDS, "Grouping the colours")
        ids, distances = assign(points, squares, centres)
        moved = np.empty_like(centres)
        number = np.bincount(ids, counts, minlength=len(centres))
        for band in range(points.shape[1]):
            total = np.bincount(ids, weighted[:, band], minlength=len(centres))
            moved[:, band] = total / np.maximum(number, 1e-12)
        for empty in np.flatnonzero(number == 0):
            worst = int((distances * counts).argmax())
            moved[empty], distances[worst] = points[worst], 0
        rest = float(np.abs(moved - centres).max()) <= MOVED
        centres = moved
        if rest:
            break
    return centres, float((assign(points, squares, centres)[1] * counts).sum())


def assign(
    points: Points, squares: NDArray[np.float64], centres: Points
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return each point's nearest centre, and its squared distance; ``squares`` are |point|²."""
    scores = (centres**2).sum(1)[:, None] - 2 * (centres @ points.T)
    ids = scores.argmin(0)
    least = np.take_along_axis(scores, ids[None], 0)[0]
    return ids, np.maximum(least + squares, 0)
