"""The catchment basins of a landscape of heights."""

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.task import Task
from segstudio.imaging.adjacency import Borders, Labels, Unions

OFTEN = 4096
"""Steps between two reports."""


def basins(heights: NDArray[np.float32], depth: float, task: Task) -> Labels:
    """Flood a landscape from its minima; return the number of each pixel's basin, from 0.

    A basin less deep than ``depth`` (from its minimum to the lowest way out) is joined with the
    one it runs over into, the shallowest first.

    Sources: L. Vincent and P. Soille, Watersheds in digital spaces, 1991; M. Grimaud, A new
    measure of contrast: the dynamics, 1992.
    """
    from skimage.segmentation import watershed

    task.report(0, 3, "Flooding from the minima")
    labels = np.maximum(np.asarray(watershed(heights), np.int32) - 1, 0)  # a plain has no minimum
    task.report(1, 3, "Flooding from the minima")
    joined = _joined(labels, heights, depth, task)
    return np.asarray(joined[labels])


def _joined(
    labels: Labels, heights: NDArray[np.float32], depth: float, task: Task
) -> NDArray[np.int32]:
    """Return the new number of each basin."""
    from scipy.ndimage import minimum

    count = int(labels.max()) + 1
    borders = Borders.of(labels)
    bottoms = np.asarray(minimum(heights, labels, np.arange(count)), np.float64).tolist()
    pairs, passes = _tree(borders.pairs, borders.lowest(heights), count)
    task.report(2, 3, "Joining shallow basins")
    unions = Unions(count)
    for done, ((one, other), height) in enumerate(zip(pairs, passes, strict=True)):
        if done % OFTEN == 0:
            task.report(2, 3, "Joining shallow basins")
        one, other = unions.of(one), unions.of(other)
        if bottoms[one] > bottoms[other]:
            one, other = other, one
        if height - bottoms[other] < depth:
            unions.unite(one, other)
    return unions.numbers()


def _tree(
    pairs: NDArray[np.int32], passes: NDArray[np.float32], count: int
) -> tuple[list[tuple[int, int]], list[float]]:
    """Return the lowest passes that still join all basins, lowest first: no others matter."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import minimum_spanning_tree

    # A weight of 0 would be no connection: ranks from 1 keep the order.
    order = np.argsort(passes, kind="stable")
    ranks = np.empty(len(order), np.float64)
    ranks[order] = np.arange(1, len(order) + 1)
    graph = coo_array((ranks, (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    kept = np.sort(np.asarray(minimum_spanning_tree(graph.tocsr()).data).astype(np.intp) - 1)
    chosen = order[kept]
    return [(int(one), int(other)) for one, other in pairs[chosen]], passes[chosen].tolist()
