"""Probabilities of classes, smoothed over the pixels around: specks go, borders lie calmer.

They are taken as whole numbers 0…255, so that what is smoothed is exact: it depends neither on
where a tile begins nor on who works it out (see `segstudio.methods.features.plane`).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.task import Task
from segstudio.domain.tiling import Valid
from segstudio.methods.features.graph import Graph
from segstudio.methods.features.plane import SHARPEST, Plane, band, gaussian
from segstudio.methods.features.working import Numbers, worked_out

Shares = NDArray[np.uint8]
"""Probabilities × 255, … × classes."""

WHOLE = 255


def coded(shares: NDArray[np.float32]) -> Shares:
    """Return probabilities as whole numbers."""
    return np.asarray(np.rint(shares * np.float32(WHOLE)), np.uint8)


def reach_of(deviation: float) -> int:
    """Return how far smoothing looks."""
    return len(gaussian(deviation)) // 2 if deviation >= SHARPEST else 0


def smoothed(shares: Shares, valid: Valid | None, deviation: float, task: Task) -> list[Numbers]:
    """Smooth height × width × classes shares; return each class's, which sum to about 255.

    Invalid pixels say nothing.
    """
    planes: Sequence[Plane] = [band(place) for place in range(shares.shape[2])]
    if deviation >= SHARPEST:
        planes = [plane.smooth(deviation) for plane in planes]
    return worked_out(planes, shares, valid, task)


def likeliest(shares: Sequence[Numbers]) -> NDArray[np.uint8]:
    """Return the place of each pixel's largest share; of equal ones the first."""
    best = np.zeros(shares[0].shape, np.uint8)
    most = shares[0].copy()
    for place, share in enumerate(shares[1:], 1):
        np.copyto(best, np.uint8(place), where=share > most)
        np.maximum(most, share, out=most)
    return best


def entropy_of(shares: Sequence[Numbers]) -> NDArray[np.uint8]:
    """Return the entropy of the shares, 0…255 from sure to no idea."""
    total = np.maximum(sum(shares), np.float32(1e-6))
    weighed = np.zeros_like(total)
    for share in shares:
        weighed += share * np.log(np.maximum(share, np.float32(1e-6)))
    # With p = s / S the entropy is log S − Σ s log s / S.
    entropy = np.log(total) - weighed / total
    return np.asarray(np.rint(np.clip(entropy * (255 / np.log(len(shares))), 0, 255)), np.uint8)


def written(graph: Graph, shares: str, deviation: float) -> str:
    """Write coding and smoothing of batch × classes × height × width shares; they sum to 1."""
    numbers = graph.node("Round", graph.node("Mul", shares, graph.constant(WHOLE)))
    if deviation >= SHARPEST:
        shape = graph.node("Shape", numbers)
        # Each class by itself: batch · classes × 1 × height × width.
        sides = graph.node("Slice", shape, *(graph.constant([n], np.int64) for n in (2, 4)))
        apart = graph.node("Concat", graph.constant([-1, 1], np.int64), sides, axis=0)
        numbers = graph.smoothed(graph.node("Reshape", numbers, apart), gaussian(deviation))
        numbers = graph.node("Reshape", numbers, shape)
    total = graph.node("ReduceSum", numbers, graph.constant([1], np.int64))
    return graph.node("Div", numbers, graph.node("Max", total, graph.constant(1e-6)))
