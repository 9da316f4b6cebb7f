"""How many clusters there are: what each number of them would give.

Sources: P. Rousseeuw, Silhouettes, 1987; V. Satopää and others, Finding a "kneedle" in a
haystack, 2011, for the elbow.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.task import Part, Task
from segstudio.methods.clustering import (
    FEW,
    Counts,
    Points,
    Start,
    assign,
    beginning,
    nearest,
    some,
)

SEEN = 1500
"""Points between which all distances are taken for the silhouette."""


@dataclass(frozen=True)
class Curve:
    """What k-means comes to with each number of clusters, smallest first.

    ``inertia`` is the sum of squared distances over the pixels counted, ``silhouette`` the mean
    over a sample of them (−1…1, higher is clearer). ``chosen`` is the number that the settings
    take.
    """

    clusters: tuple[int, ...]
    inertia: tuple[float, ...]
    silhouette: tuple[float, ...]
    chosen: int


def curve(
    points: Points, counts: Counts, most: int, seed: int, start: Start, task: Task
) -> tuple[Curve, int]:
    """Try 2…``most`` clusters; return the curve and where its inertia has an elbow.

    Fewer are tried where there are fewer different points. ``chosen`` is the number with
    the highest silhouette, the smallest of equals.
    """
    random = np.random.default_rng(seed)
    few, weights = some(points, counts, FEW, random)
    seen, times = some(few, weights, SEEN, random)
    apart = distances(seen)
    squares = (points**2).sum(1)
    together = float((((points - np.average(points, 0, counts)) ** 2).sum(1) * counts).sum())
    clusters: list[int] = []
    inertia: list[float] = []
    clear: list[float] = []
    for number in range(2, max(most, 2) + 1):
        step = Part(task, number - 2, max(most - 1, 1), "Trying numbers of clusters")
        centres = beginning(few, weights, number, seed, step, start)[1]
        if len(centres) < number and clusters:
            break
        clusters.append(len(centres))
        inertia.append(float((assign(points, squares, centres)[1] * counts).sum()))
        clear.append(silhouette(apart, times, nearest(seen, centres)))
    clearest = clusters[int(np.argmax(clear))]
    found = Curve(tuple(clusters), tuple(inertia), tuple(clear), clearest)
    return found, elbow((1, *clusters), (together, *inertia))


def distances(points: Points) -> NDArray[np.float64]:
    """Return the distances between all points, n × n."""
    squares = (points**2).sum(1)
    apart = squares[:, None] + squares[None] - 2 * (points @ points.T)
    np.fill_diagonal(apart, 0)
    return np.asarray(np.sqrt(np.maximum(apart, 0)))


def silhouette(apart: NDArray[np.float64], times: Counts, ids: NDArray[np.intp]) -> float:
    """Return the mean silhouette of points that stand for ``times`` equal ones each.

    ``apart`` are their distances. 0 where there is one cluster only.
    """
    belongs = np.zeros((len(ids), int(ids.max()) + 1))
    belongs[np.arange(len(ids)), ids] = times
    sizes = belongs.sum(0)
    if np.count_nonzero(sizes) < 2:
        return 0.0
    sums = apart @ belongs
    rows = np.arange(len(ids))
    own = sums[rows, ids] / np.maximum(sizes[ids] - 1, 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        means = np.where(sizes > 0, sums / sizes, np.inf)
    means[rows, ids] = np.inf
    other = means.min(1)
    larger = np.maximum(own, other)
    value = np.where(larger > 0, (other - own) / np.where(larger > 0, larger, 1), 0)
    value[sizes[ids] <= 1] = 0
    return float(np.average(value, weights=times))


def elbow(numbers: tuple[int, ...], inertia: tuple[float, ...]) -> int:
    """Return where the falling curve lies furthest below the line between its ends.

    The first number is what there is without any choice: it is never the elbow, unless alone.
    """
    x, y = np.array(numbers, float), np.array(inertia)
    wide, high = x[-1] - x[0], y[0] - y[-1]
    if len(x) < 3 or wide <= 0 or high <= 0:
        return numbers[min(1, len(numbers) - 1)]
    below = (y[0] - y) / high - (x - x[0]) / wide
    return numbers[1 + int(np.argmax(below[1:]))]
