"""How much ground the pixels of a georeferenced picture cover."""

import math

from segstudio.domain.georef import Georef, Point, distance

STEP = 64.0
"""Pixels over which lengths on the ground are measured: one alone is too short to be exact."""


def pixel_area(georef: Georef | None, at: Point) -> float | None:
    """Return the square metres that a pixel covers at a point; None where that is not known.

    The pixel may be rotated and sheared: it is a parallelogram whose sides and diagonal are
    measured.
    """
    x, y = at
    corner = x - STEP / 2, y - STEP / 2
    right, below = (corner[0] + STEP, corner[1]), (corner[0], corner[1] + STEP)
    sides = [distance(georef, *ends) for ends in ((corner, right), (corner, below), (right, below))]
    a, b, c = (math.nan if side is None else side for side in sides)
    if not all(math.isfinite(side) for side in (a, b, c)):
        return None
    half = (a + b + c) / 2
    twice = 2 * math.sqrt(max(half * (half - a) * (half - b) * (half - c), 0.0))
    return twice / STEP**2


def in_square_metres(area: float) -> str:
    """Return an area as a person reads it: m², above a square kilometre km²."""
    if area >= 1e6:
        return f"{area / 1e6:,.2f} km²"
    if area >= 100:
        return f"{area:,.0f} m²"
    return f"{area:.1f} m²" if area >= 1 else f"{area:.3g} m²"
