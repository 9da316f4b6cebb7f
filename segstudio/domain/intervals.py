"""How far a mean IoU may be off: intervals by drawing the pictures anew."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.metrics import Confusion

LEVEL = 0.95
ROUNDS = 1000

PART = 1 << 22
"""Numbers that are held at once while pictures are drawn."""


def bootstrap(
    parts: Sequence[Confusion], rounds: int = ROUNDS, seed: int = 0
) -> tuple[float, float] | None:
    """Return the 95 % interval of the mIoU over pictures; ``parts`` is one matrix a picture.

    Pictures are drawn with replacement, as many as there are, and measured together as they
    are for the figure itself (percentile bootstrap, Efron 1979). In a draw a class counts that
    its references show. Fewer than two pictures with labels tell nothing: None.
    """
    shown = [part for part in parts if part.counts.any()]
    if len(shown) < 2:
        return None
    classes = len(shown[0].ids)
    squares = np.stack([part.counts[:, :classes] for part in shown])
    hits = squares.diagonal(axis1=1, axis2=2).astype(np.float64)
    references = np.stack([part.counts.sum(1) for part in shown]).astype(np.float64)
    unions = references + squares.sum(1) - hits
    figures = _drawn(hits, references, unions, rounds, np.random.default_rng(seed))
    tail = 50 * (1 - LEVEL)
    low, high = np.percentile(figures, [tail, 100 - tail])
    return float(low), float(high)


def _drawn(
    hits: NDArray[np.float64],
    references: NDArray[np.float64],
    unions: NDArray[np.float64],
    rounds: int,
    random: np.random.Generator,
) -> NDArray[np.float64]:
    """Return the mIoU of each draw; the arrays are pictures × classes."""
    count = len(hits)
    chances = np.full(count, 1 / count)
    figures: list[NDArray[np.float64]] = []
    some = max(1, PART // count)
    for first in range(0, rounds, some):
        times = random.multinomial(count, chances, min(some, rounds - first)).astype(np.float64)
        present = times @ references > 0
        iou = times @ hits / np.maximum(times @ unions, 1)
        figures.append((iou * present).sum(1) / present.sum(1))
    return np.concatenate(figures)
