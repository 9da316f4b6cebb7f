"""Painting only what looks like where the stroke began."""

import numpy as np

from segstudio.domain.geometry import Box
from segstudio.domain.stroke import Region
from segstudio.interactive.lab import Reference, Rgb, looks_like

SPREADS = 2.0
"""How many standard deviations of the first dab still count as its own colour."""


def reference_of(rgb: Rgb, region: Region) -> Reference | None:
    """Return the colours of the first dab; None where it lies outside the pixels.

    ``rgb`` is height × width × 3, ``region`` says which of its pixels the dab covers.
    """
    if not region.any():
        return None
    found = Reference.of(rgb[region])
    light, a, b = (SPREADS * value for value in found.spread)
    return Reference(found.mean, (light, a, b))


def similar(
    rgb: Rgb, box: Box, region: Region, reference: Reference | None, tolerance: float
) -> Region:
    """Return which pixels of a dab look like what the stroke began on.

    ``rgb`` (height × width × 3, 8 bits) and ``region``, the dab, both fill ``box``; the
    tolerance is a distance in CIELAB. Without a reference none does.
    """
    if reference is None or not box:
        return np.zeros(box.shape if box else (0, 0), bool)
    return np.asarray(region & looks_like(rgb, reference, tolerance))
