"""Which class each region of an unsupervised segmenter stands for.

Several clusters may stand for one class. The best assignment is learned where both are known
and then applied to other pictures, which is how unsupervised methods are measured.
"""

from collections.abc import Mapping

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


def learn(
    counts: Overlap, ids: tuple[int, ...], start: Mapping[int, int] | None = None
) -> dict[int, int]:
    """Return the class of each cluster, chosen for a high mIoU.

    Starts from the class that most of a cluster's pixels have, which is best for accuracy, and
    changes one cluster after the other as long as that raises the mean IoU over the classes
    present: small classes then get a cluster too. It begins a second time from ``start``, classes
    of some clusters, where that is given, and the better end is taken. Clusters without a
    labelled pixel are left out. Ties go to the class named first.
    """
    known = np.flatnonzero(counts.sum(1))
    seen = counts[known]
    majority = seen.argmax(1)
    value, chosen = _improved(seen, majority)
    if start:
        place = {id: column for column, id in enumerate(ids)}
        given = {cluster: place[id] for cluster, id in start.items()}
        pairs = zip(known, majority, strict=True)
        begun = np.array([given.get(int(cluster), int(most)) for cluster, most in pairs], np.intp)
        other, end = _improved(seen, begun)
        if other > value + 1e-12:
            chosen = end
    return {int(cluster): ids[to] for cluster, to in zip(known, chosen, strict=True)}


def apply(clusters: Ids, classes: Mapping[int, int]) -> Ids:
    """Replace clusters by their classes; those without one become unlabelled."""
    table = np.full(256, UNLABELLED, np.uint8)
    for cluster, id in classes.items():
        table[cluster] = id
    return table[clusters]


def _improved(counts: Overlap, chosen: NDArray[np.intp]) -> tuple[float, NDArray[np.intp]]:
    """Change one cluster after the other for the best; return the mIoU in the end, and them."""
    chosen = chosen.copy()
    while len(chosen):
        gains = _gains(counts, chosen)
        cluster, to = np.unravel_index(int(gains.argmax()), gains.shape)
        if gains[cluster, to] <= 1e-12:
            break
        chosen[cluster] = to
    return _miou(counts, chosen), chosen


def _gains(counts: Overlap, chosen: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return by how much the mIoU rises when a cluster (row) becomes a class (column)."""
    sizes, true = counts.sum(1), counts.sum(0)
    hit, taken = np.zeros_like(true), np.zeros_like(true)
    rows = np.arange(len(chosen))
    np.add.at(hit, chosen, counts[rows, chosen])
    np.add.at(taken, chosen, sizes)
    now = _iou(hit, taken, true)
    without = _iou(hit[chosen] - counts[rows, chosen], taken[chosen] - sizes, true[chosen])
    with_it = _iou(hit + counts, taken + sizes[:, None], true)
    gains = (with_it - now) + (without - now[chosen])[:, None]
    gains[rows, chosen] = 0
    return np.asarray(gains / max(int(np.count_nonzero(true)), 1))


def _miou(counts: Overlap, chosen: NDArray[np.intp]) -> float:
    """Return the mean IoU, over the classes that occur, of an assignment."""
    true = counts.sum(0)
    hit, taken = np.zeros_like(true), np.zeros_like(true)
    np.add.at(hit, chosen, counts[np.arange(len(chosen)), chosen])
    np.add.at(taken, chosen, counts.sum(1))
    present = true > 0
    return float(_iou(hit, taken, true)[present].mean()) if present.any() else 0.0


def _iou(
    hit: NDArray[np.int64], taken: NDArray[np.int64], true: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the IoU of classes; 0 for those that do not occur, which count for nothing."""
    return np.asarray(np.where(true > 0, hit / np.maximum(taken + true - hit, 1), 0.0))
