"""Which class each region of an unsupervised segmenter stands for.

Several clusters may stand for one class. The best assignment is learned where both are known
and then applied to other pictures, which is how unsupervised methods are measured.
"""

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.tiles import Ids

Overlap = NDArray[np.int64]
"""Counts of pixels by cluster (rows) and class (columns)."""


def overlap(clusters: Ids, mask: Ids, regions: int, ids: tuple[int, ...]) -> Overlap:
    """Count the pixels that each of ``regions`` clusters shares with each class of ``ids``.

    Pixels without a cluster (255) or with another class, or none, are left out.
    """
    if clusters.shape != mask.shape:
        raise ValueError(f"masks differ in shape: {clusters.shape} and {mask.shape}")
    pairs = np.bincount(clusters.ravel().astype(np.uint16) * 256 + mask.ravel(), minlength=65536)
    return pairs.reshape(256, 256)[:regions, list(ids)].astype(np.int64)


def learn(counts: Overlap, ids: tuple[int, ...]) -> dict[int, int]:
    """Return the class of each cluster, chosen for a high mIoU.

    Starts from the class that most of a cluster's pixels have, which is best for accuracy, and
    changes one cluster after the other as long as that raises the mean IoU over the classes
    present: small classes then get a cluster too. Clusters without a labelled pixel are left
    out. Ties go to the class named first.
    """
    known = np.flatnonzero(counts.sum(1))
    chosen = counts[known].argmax(1)
    best = _miou(counts[known], chosen)
    while True:
        changed = max(_changes(chosen, len(ids)), key=lambda c: _miou(counts[known], c))
        value = _miou(counts[known], changed)
        if value <= best + 1e-12:
            break
        best, chosen = value, changed
    return {int(cluster): ids[to] for cluster, to in zip(known, chosen, strict=True)}


def apply(clusters: Ids, classes: Mapping[int, int]) -> Ids:
    """Replace clusters by their classes; those without one become unlabelled."""
    table = np.full(256, UNLABELLED, np.uint8)
    for cluster, id in classes.items():
        table[cluster] = id
    return table[clusters]


def _changes(chosen: NDArray[np.intp], classes: int) -> Iterator[NDArray[np.intp]]:
    """Yield the assignment itself, and all that differ from it in one cluster."""
    yield chosen
    for place in range(len(chosen)):
        for to in range(classes):
            changed = chosen.copy()
            changed[place] = to
            yield changed


def _miou(counts: Overlap, chosen: NDArray[np.intp]) -> float:
    """Return the mean IoU, over the classes that occur, of an assignment."""
    square = np.zeros((counts.shape[1],) * 2, np.int64)  # predicted × true
    np.add.at(square, chosen, counts)
    hit, true = square.diagonal(), square.sum(0)
    present = true > 0
    union = square.sum(1) + true - hit
    return float((hit[present] / union[present]).mean()) if present.any() else 0.0
