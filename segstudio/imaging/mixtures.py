"""How probable colours are in what was learnt of some: mixtures of Gaussians."""

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.task import Task
from segstudio.imaging.border import Evidence
from segstudio.imaging.gradients import Values
from segstudio.imaging.lab import Rgb

COMPONENTS = 5
"""Gaussians of a mixture, as in OpenCV's GrabCut."""
SEEN = 2000
"""Pixels of a label from which its colours are learnt, at most."""
SURE = 0.9
"""How probable a label can become by its colours alone."""
ALIKE = 30.0
"""Variance of a band (8 bits) by which colours differ more than under a few strokes."""

Mixture = NDArray[np.float64]
"""OpenCV's 1 × 65 numbers: 5 weights, 5 means of 3 bands, 5 covariances of 3 × 3."""


def empty_mixture() -> Mixture:
    return np.zeros((1, 13 * COMPONENTS))


def logarithms(rgb: Rgb, mixture: Mixture, noise: float = 0.0) -> Values:
    """Return the logarithm of the density of n × 3 colours (bands as the mixture learnt them).

    ``noise`` is the variance by which the colours vary more than those that were learnt.
    """
    shares, means, spreads = np.split(mixture.ravel(), (COMPONENTS, 4 * COMPONENTS))
    found = np.full(len(rgb), -1e6)
    parts = zip(shares, means.reshape(-1, 3), spreads.reshape(-1, 3, 3), strict=True)
    for share, mean, spread in parts:
        wide = spread + np.eye(3) * (0.01 + noise)
        size = np.linalg.det(wide)
        if share <= 0 or size <= 0:
            continue
        away = rgb - mean
        far = ((away @ np.linalg.inv(wide)) * away).sum(1)
        found = np.logaddexp(found, np.log(share / np.sqrt(size)) - far / 2)
    return np.asarray(found, np.float32)


def probabilities(rgb: Rgb, background: Mixture, foreground: Mixture, noise: float = 0.0) -> Values:
    """Return how probably n × 3 colours are background (first row) and foreground, 2 × n."""
    odds = logarithms(rgb, foreground, noise) - logarithms(rgb, background, noise)
    sure = np.float32(1) / (1 + np.exp(-np.clip(odds, -30, 30)))
    return np.stack([1 - sure, sure]).astype(np.float32)


def learnt(rgb: Rgb) -> Mixture:
    """Return the mixture of n × 3 colours: of up to 5 groups (k-means), each a Gaussian."""
    import cv2

    points = np.ascontiguousarray(rgb, np.float32)
    if len(points) == 1:
        points = points.repeat(2, 0)  # OpenCV takes one row for three points
    count = min(COMPONENTS, len(np.unique(points[:SEEN], axis=0)))
    cv2.setRNGSeed(0)
    stop = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 10, 0.1)
    groups = np.asarray(cv2.kmeans(points, count, None, stop, 1, cv2.KMEANS_PP_CENTERS)[1]).ravel()
    shares, means = np.zeros(COMPONENTS), np.zeros((COMPONENTS, 3))
    spreads = np.zeros((COMPONENTS, 3, 3))
    for group in range(count):
        held = points[groups == group].astype(np.float64)
        if not len(held):
            continue
        shares[group] = len(held) / len(points)
        means[group] = held.mean(0)
        away = held - means[group]
        spreads[group] = away.T @ away / len(held)
    return np.concatenate([shares, means.ravel(), spreads.ravel()])[None]


def of_seeds(rgb: Rgb, seeds: NDArray[np.int8], task: Task) -> Evidence:
    """Learn what colours the labels 0… of seeds (−1: none) have in a picture.

    What comes back tells of n × 3 colours how probable each label is, labels × n.
    """
    random = np.random.default_rng(0)
    found = []
    for label in range(int(seeds.max()) + 1):
        task.report(label, int(seeds.max()) + 1, "Learning the colours")
        seen = rgb[seeds == label]
        if len(seen) > SEEN:
            seen = seen[random.choice(len(seen), SEEN, replace=False)]
        found.append(learnt(seen))

    def speaking(colours: Rgb) -> Values:
        logs = np.stack([logarithms(colours, mixture, ALIKE) for mixture in found])
        odds = np.exp(logs - logs.max(0))
        return np.asarray(SURE * odds / odds.sum(0) + (1 - SURE) / len(found), np.float32)

    return speaking
