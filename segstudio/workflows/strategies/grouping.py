"""Choosing regions by how alike they are: numbers in, places out."""

import math

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.task import Quiet, Task
from segstudio.workflows.strategies.choosing import Batch, Numbers, Places

AT_ONCE = 64
"""Known regions that are compared with all others in one step: many more are gigabytes."""

CHOOSING = "Choosing what is least alike"


def standard(features: Numbers) -> NDArray[np.float64]:
    """Return features of equal weight: mean 0, deviation 1; what is no number is the mean."""
    values = np.asarray(features, np.float64)
    values = np.where(np.isfinite(values), values, np.nan)
    known = np.isfinite(values)
    count = np.maximum(known.sum(0), 1)
    filled = np.where(known, values, 0)
    mean = filled.sum(0) / count
    apart = np.where(known, values - mean, 0)
    spread = np.sqrt((apart**2).sum(0) / count)
    return np.asarray(apart / np.where(spread > 1e-9, spread, 1))


def k_centres(
    features: Numbers,
    batch: Batch,
    count: int,
    known: Numbers | None = None,
    task: Task | None = None,
) -> list[tuple[int, float]]:
    """Choose, again and again, the region farthest from all chosen and ``known`` ones.

    Greedy k-centre (Sener & Savarese, ICLR 2018). Returns (place, distance) pairs. Without any
    known ones the first is that nearest to the mean. Raises `Cancelled` from ``task``.
    """
    values, task = np.asarray(features, np.float64), task or Quiet()
    count = min(count, len(values))
    taken: list[tuple[int, float]] = []
    if count == 0:
        return taken
    if known is not None and len(known):
        near = _nearest_known(values, np.asarray(known, np.float64), task)
    else:
        first = int(_squares(values, values.mean(0)).argmin())
        if batch.take(first):
            taken.append((first, 0.0))
            near = _squares(values, values[first])
    near[batch.chosen] = -1
    while len(taken) < count and (near >= 0).any():
        task.report(len(taken), count, CHOOSING)
        place = int(near.argmax())
        distance = math.sqrt(near[place]) if math.isfinite(near[place]) else 0.0
        near[place] = -1
        if not batch.take(place):
            continue
        taken.append((place, distance))
        left = near >= 0
        near[left] = np.minimum(near[left], _squares(values[left], values[place]))
    return taken


def _nearest_known(
    values: NDArray[np.float64], known: NDArray[np.float64], task: Task
) -> NDArray[np.float64]:
    """Return the squared distance of each row to the nearest known one."""
    near = np.full(len(values), np.inf)
    lengths = (values**2).sum(1)
    for start in range(0, len(known), AT_ONCE):
        task.report(start, len(known), CHOOSING)
        some = known[start : start + AT_ONCE]
        squares = (some**2).sum(1)[:, None] - 2 * some @ values.T
        np.minimum(near, squares.min(0), out=near)
    return np.asarray(np.maximum(near + lengths, 0))


def k_means(
    features: Numbers, count: int, random: np.random.Generator, rounds: int = 50
) -> tuple[NDArray[np.float64], Places]:
    """Return the centres of ``count`` clusters and the cluster of each row.

    Lloyd's algorithm from k-means++ centres; fewer where there are fewer different rows.
    """
    values = np.asarray(features, np.float64)
    centres = _seeded(values, count, random)
    cluster = np.zeros(len(values), np.intp)
    for turn in range(rounds):
        fresh = _nearest(values, centres)
        if turn and np.array_equal(fresh, cluster):
            break
        cluster = fresh
        for number in range(len(centres)):
            mine = values[cluster == number]
            if len(mine):
                centres[number] = mine.mean(0)
    return centres, cluster


def typical(
    features: Numbers, batch: Batch, count: int, random: np.random.Generator
) -> list[tuple[int, float]]:
    """Choose the region nearest to each of ``count`` centres of k-means, large clusters first.

    Returns (place, share of the regions that are in its cluster) pairs. Where one is not allowed,
    the next nearest of its cluster is.
    """
    values = np.asarray(features, np.float64)
    if not len(values) or count < 1:
        return []
    centres, cluster = k_means(values, min(count, len(values)), random)
    sizes = np.bincount(cluster, minlength=len(centres))
    taken: list[tuple[int, float]] = []
    for number in np.argsort(-sizes, kind="stable"):
        members = np.flatnonzero(cluster == number)
        order = members[np.argsort(_squares(values[members], centres[number]), kind="stable")]
        share = float(sizes[number] / len(values))
        taken += [(place, share) for place in batch.fill(order, 1)]
    return taken


def _seeded(
    values: NDArray[np.float64], count: int, random: np.random.Generator
) -> NDArray[np.float64]:
    centres = [values[int(random.integers(len(values)))]]
    near = _squares(values, centres[0])
    while len(centres) < count and near.sum() > 0:
        centres.append(values[int(random.choice(len(values), p=near / near.sum()))])
        near = np.minimum(near, _squares(values, centres[-1]))
    return np.array(centres)


def _nearest(values: NDArray[np.float64], centres: NDArray[np.float64]) -> Places:
    squares = (centres**2).sum(1) - 2 * values @ centres.T
    return np.asarray(squares.argmin(1), np.intp)


def _squares(values: NDArray[np.float64], point: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(((values - point) ** 2).sum(1))
