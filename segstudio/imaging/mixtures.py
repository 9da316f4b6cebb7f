"""How probable colours are in what GrabCut has learnt: mixtures of Gaussians."""

import numpy as np
from numpy.typing import NDArray

from segstudio.imaging.gradients import Values
from segstudio.imaging.lab import Rgb

COMPONENTS = 5
"""Gaussians of a mixture, as in OpenCV's GrabCut."""

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
