"""k-means on weighted points.

Sources: S. Lloyd, Least squares quantization in PCM, 1982; D. Arthur and S. Vassilvitskii,
k-means++, 2007, with several candidates a step as they advise.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.task import Task

Points = NDArray[np.float64]
"""n × bands."""

Counts = NDArray[np.float64]
"""How many pixels each point stands for."""

Start = Literal["k-means++", "random"]

STARTS = 8
"""How many starts are tried on a few points before the best goes on with all of them."""

AT_ONCE = 8192
"""Points that are compared with the centres at once, so that they stay in the cache."""

FEW = 4000
ROUNDS = 60
MANY = 16_384
CELL = 8.0
"""Of more points than that, Lloyd first takes the means of cells of so many units a side."""

NEAR = 0.5
"""After that it stops sooner: what the last steps would gain is less than a thousandth."""

MOVED = 0.1
"""Lloyd stops when no centre moves further, in units of the points."""


@dataclass(frozen=True, eq=False)
class Round:
    """One round of Lloyd's algorithm: the centres, and what lies nearest to each.

    ``moved`` is how far the centre that moved most came from where it was in the round before;
    infinite in the first one. ``inertia`` is the sum of squared distances.
    """

    centres: Points
    ids: NDArray[np.intp]
    moved: float
    inertia: float


def kmeans(
    points: Points,
    counts: Counts,
    clusters: int,
    seed: int,
    task: Task,
    start: Start = "k-means++",
) -> Points:
    """Return the centres (clusters × bands) with a small sum of squares; fewer than asked for
    where there are fewer different points.
    """
    centres = beginning(points, counts, clusters, seed, task, start)[1]
    if len(points) > MANY and points.shape[1] <= 3:
        # Most of the way is gone with far fewer points: the rest takes a few rounds.
        centres = lloyd(*gathered(points, counts), centres, task)[0]
        return lloyd(points, counts, centres, task, NEAR)[0]
    return lloyd(points, counts, centres, task)[0]


def gathered(points: Points, counts: Counts) -> tuple[Points, Counts]:
    """Return the means of the points in each cell of a grid, and how much each weighs."""
    cells = ((points - points.min(0)) // CELL).astype(np.int64)
    sides = cells.max(0) + 1
    keys = np.ravel_multi_index(tuple(cells.T), tuple(map(int, sides)))
    weights = np.bincount(keys, counts).astype(np.float64)
    filled = np.flatnonzero(weights)
    sums = [np.bincount(keys, counts * band)[filled] for band in points.T]
    return np.stack(sums, 1) / weights[filled, None], weights[filled]


def beginning(
    points: Points, counts: Counts, clusters: int, seed: int, task: Task, start: Start
) -> tuple[Points, Points]:
    """Return the best of several starts, and where Lloyd comes from there on a few points."""
    random = np.random.default_rng(seed)
    # Sorting all the points would take as long as the rest.
    if len(np.unique(points[:FEW], axis=0)) <= clusters:
        different = np.unique(points, axis=0)
        if len(different) <= clusters:
            return different, different
    few, weights = some(points, counts, FEW, random)
    scatter = _apart if start == "k-means++" else _anywhere
    best, ends, least = few[:1], few[:1], np.inf
    for attempt in range(STARTS):
        task.report(attempt, STARTS, "Looking for good starting colours")
        first = scatter(few, weights, clusters, random)
        centres, cost = lloyd(few, weights, first, task)
        if cost < least:
            best, ends, least = first, centres, cost
    return best, ends


def some(
    points: Points, counts: Counts, number: int, random: np.random.Generator
) -> tuple[Points, Counts]:
    """Return about ``number`` of the points, drawn by their counts; how often is the new count."""
    if len(points) <= number:
        return points, counts
    drawn = random.choice(len(points), number, p=counts / counts.sum())
    chosen, times = np.unique(drawn, return_counts=True)
    return points[chosen], times.astype(np.float64)


def _anywhere(points: Points, counts: Counts, clusters: int, random: np.random.Generator) -> Points:
    """Choose starting centres at random, among many points more often."""
    number = min(clusters, len(points))
    return points[random.choice(len(points), number, replace=False, p=counts / counts.sum())]


def _apart(points: Points, counts: Counts, clusters: int, random: np.random.Generator) -> Points:
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
    points: Points, counts: Counts, centres: Points, task: Task, still: float = MOVED
) -> tuple[Points, float]:
    """Move centres to the means of their points until they rest; return them and the inertia."""
    inertia = 0.0
    for one in rounds(points, counts, centres, task, still):
        centres, inertia = one.centres, one.inertia
    return centres, inertia


def rounds(
    points: Points, counts: Counts, centres: Points, task: Task, still: float = MOVED
) -> Iterator[Round]:
    """Yield Lloyd's rounds, from the centres as they are to where they rest.

    A centre that loses all its points moves to the point that is worst represented.
    """
    weighted = points * counts[:, None]
    squares = (points**2).sum(1)
    moved = np.inf
    for done in range(ROUNDS):
        task.report(done, ROUNDS, "Grouping the colours")
        ids, distances = assign(points, squares, centres)
        costs = distances * counts
        yield Round(centres, ids, moved, float(costs.sum()))
        if moved <= still:
            break
        means = np.empty_like(centres)
        number = np.bincount(ids, counts, minlength=len(centres))
        for band in range(points.shape[1]):
            total = np.bincount(ids, weighted[:, band], minlength=len(centres))
            means[:, band] = total / np.maximum(number, 1e-12)
        for empty in np.flatnonzero(number == 0):
            worst = int(costs.argmax())
            means[empty], costs[worst] = points[worst], 0
        moved = float(np.abs(means - centres).max())
        centres = means


def assign(
    points: Points, squares: NDArray[np.float64], centres: Points
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return each point's nearest centre, and its squared distance; ``squares`` are |point|²."""
    ids = np.empty(len(points), np.intp)
    least = np.empty(len(points))
    factors, lengths = -2 * centres, (centres**2).sum(1)[:, None]
    for first in range(0, len(points), AT_ONCE):
        part = slice(first, first + AT_ONCE)
        scores = factors @ points[part].T
        scores += lengths
        least[part] = scores.min(0)
        # Three times as fast as argmin, which turns the array round first.
        ids[part] = (scores == least[part]).argmax(0)
    least += squares
    return ids, np.maximum(least, 0, out=least)


def nearest(points: Points, centres: Points) -> NDArray[np.intp]:
    """Return each point's nearest centre."""
    return assign(points, (points**2).sum(1), centres)[0]
