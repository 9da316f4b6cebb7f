"""The colours that a stroke begins on, for painting only what looks like them."""

from segstudio.domain.stroke import Region
from segstudio.imaging.lab import Reference, Rgb

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
