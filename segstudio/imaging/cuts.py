"""Labels for the nodes of a graph at the least cost: graph cuts.

Sources: Boykov, Veksler, Zabih, Fast approximate energy minimization via graph cuts, 2001 (a
label expands where that costs less); Kolmogorov and Zabih, What energy functions can be
minimized via graph cuts, 2004 (how each such step becomes one cut).
"""

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.task import Task

Costs = NDArray[np.float64]

ROUNDS = 5
"""How often each label may expand; it mostly rests after two or three."""

LARGEST = 1 << 30
"""What all capacities of a graph add up to: the flow is counted in 32 bits."""


def cut(costs: Costs, pairs: NDArray[np.int32], weights: Costs, task: Task) -> NDArray[np.intp]:
    """Return a label for each node such that no label's expansion would cost less.

    ``costs`` (nodes × labels) is what a label costs a node, ``weights`` what it costs that the
    nodes of each of the ``pairs`` (pairs × 2) have different labels; none is negative. With two
    labels the answer is the best there is, else at most twice as dear (but for rounding).
    """
    labels: NDArray[np.intp] = costs.argmin(1)
    if costs.shape[1] == 2:
        labels[:] = 0  # one expansion of the other label solves it
    least = energy(costs, pairs, weights, labels)
    total = ROUNDS * costs.shape[1]
    for step in range(total):
        task.report(step, total, "Cutting the graph")
        if step % costs.shape[1] == 0:
            before = least
        grown = _expanded(costs, pairs, weights, labels, step % costs.shape[1])
        found = energy(costs, pairs, weights, grown)
        if found < least:
            labels, least = grown, found
        if step % costs.shape[1] == costs.shape[1] - 1 and not least < before:
            break
    return labels


def energy(
    costs: Costs, pairs: NDArray[np.int32], weights: Costs, labels: NDArray[np.intp]
) -> float:
    """Return what labels cost altogether."""
    apart = labels[pairs[:, 0]] != labels[pairs[:, 1]]
    return float(costs[np.arange(len(costs)), labels].sum() + weights[apart].sum())


def _expanded(
    costs: Costs,
    pairs: NDArray[np.int32],
    weights: Costs,
    labels: NDArray[np.intp],
    label: int,
) -> NDArray[np.intp]:
    """Return the labels at the least cost that nodes can have which keep theirs or take this."""
    first, second = pairs.T
    # What a pair costs where both keep theirs, where only the second and only the first takes
    # the label; where both do it costs nothing.
    both = np.where(labels[first] != labels[second], weights, 0)
    one = np.where(labels[first] != label, weights, 0)
    other = np.where(labels[second] != label, weights, 0)
    taking = costs[:, label].copy()
    keeping = costs[np.arange(len(costs)), labels].copy()
    np.add.at(taking, first, other - both)
    np.add.at(taking, second, -other)
    least = np.minimum(taking, keeping)
    takers = _sink_side(keeping - least, taking - least, pairs, one + other - both)
    return np.where(takers, label, labels)


def _sink_side(
    keeping: Costs, taking: Costs, pairs: NDArray[np.int32], links: Costs
) -> NDArray[np.bool_]:
    """Return which nodes the cheapest cut leaves with the sink."""
    from scipy.sparse import coo_array, csr_matrix
    from scipy.sparse.csgraph import breadth_first_order, maximum_flow

    count = len(keeping)
    source, sink = count, count + 1
    nodes = np.arange(count)
    rows = np.concatenate([np.full(count, source), nodes, pairs[:, 0]])
    columns = np.concatenate([nodes, np.full(count, sink), pairs[:, 1]])
    values = np.concatenate([taking, keeping, links])
    scale = LARGEST / max(float(values.sum()), 1e-12)
    whole = np.rint(values * scale).astype(np.int32)
    graph = csr_matrix(coo_array((whole, (rows, columns)), shape=(count + 2, count + 2)))
    left = graph - maximum_flow(graph, source, sink).flow
    left.data = np.where(left.data > 0, left.data, 0)
    left.eliminate_zeros()
    reached = np.zeros(count + 2, bool)
    reached[breadth_first_order(left, source, return_predecessors=False)] = True
    return np.asarray(~reached[:count])
