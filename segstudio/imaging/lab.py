"""How alike colours are, in CIELAB."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.stroke import Region

Rgb = NDArray[np.uint8]
"""Colours of 8 bits, … × 3."""

ROWS = 64
"""Rows that are compared at once, so that they stay in the processor's cache."""

Lab = tuple[float, float, float]
"""Lightness 0…100, a and b about −128…127."""


@dataclass(frozen=True)
class Reference:
    """Colours to compare with: their mean and how they spread (standard deviation a band)."""

    mean: Lab
    spread: Lab = (0.0, 0.0, 0.0)

    @classmethod
    def of(cls, rgb: Rgb) -> "Reference":
        """Describe the colours of some pixels (any shape, three bands last)."""
        lab = _scaled(lab_codes(rgb.reshape(1, -1, 3)).reshape(-1, 3).astype(np.float64))
        return cls(_three(lab.mean(0)), _three(lab.std(0)))


def _three(values: NDArray[np.float64]) -> Lab:
    first, second, third = (float(value) for value in values)
    return first, second, third


def lab_codes(rgb: Rgb) -> NDArray[np.uint8]:
    """Return height × width × 3 colours as CIELAB in 8 bits: L × 2.55, a + 128, b + 128."""
    import cv2

    return np.asarray(cv2.cvtColor(np.ascontiguousarray(rgb), cv2.COLOR_RGB2Lab))


def _scaled(codes: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(codes * np.array([100 / 255, 1, 1]) - np.array([0, 128, 128]))


def looks_like(rgb: Rgb, reference: Reference, tolerance: float) -> Region:
    """Return which pixels of an array (height × width × 3) are like the reference.

    Those no further from its mean than ``tolerance`` (ΔE 1976); what a band lies within the
    reference's own spread counts as no distance.
    """
    import cv2

    squares = _squares(reference)
    alike = np.empty(rgb.shape[:2], bool)
    for top in range(0, len(rgb), ROWS):
        apart = cv2.LUT(lab_codes(rgb[top : top + ROWS]), squares)
        total = np.asarray(cv2.transform(apart, np.ones((1, 3), np.float32)))
        alike[top : top + ROWS] = total.reshape(apart.shape[:2]) <= tolerance * tolerance + 1e-3
    return alike


def _squares(reference: Reference) -> NDArray[np.float32]:
    """Return the squared distance of each 8-bit code from the reference, 1 × 256 × 3."""
    values = _scaled(np.repeat(np.arange(256.0)[:, None], 3, 1))
    apart = np.abs(values - np.array(reference.mean)) - np.array(reference.spread)
    return np.asarray(np.maximum(apart, 0) ** 2, np.float32)[None]
