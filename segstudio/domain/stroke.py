"""Rasterising brush strokes, one piece at a time."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.geometry import Box

Point = tuple[float, float]
"""x and y in image pixels; the centre of the first pixel is (0.5, 0.5)."""

Region = NDArray[np.bool_]

Numbers = NDArray[np.floating[Any]]

_FAR = 1 << 30


def snapped(point: Point, diameter: int) -> Point:
    """Move a point so that a dab of ``diameter`` covers whole pixels evenly.

    Odd dabs are centred on a pixel, even ones on a corner between four.
    """
    x, y = point
    if diameter % 2:
        return math.floor(x) + 0.5, math.floor(y) + 0.5
    return float(round(x)), float(round(y))


def capsule(start: Point, end: Point, diameter: int, image: Box) -> tuple[Box, Region]:
    """Return the pixels whose centre a dab passes over on its way, and their box.

    The box is clipped to the image, and falsy where nothing of the way lies inside it.
    """
    (x0, y0), (x1, y1) = snapped(start, diameter), snapped(end, diameter)
    radius = diameter / 2
    box = box_of_way((x0, y0), (x1, y1), radius, image)
    if not box:
        return box, np.zeros((0, 0), bool)
    low, high = _ends((x0, y0), (x1, y1), radius, np.arange(box.top, box.bottom) + 0.5)
    columns = np.arange(box.width, dtype=np.int32)
    first = np.ceil(low - (box.left + 0.5)).astype(np.int32)[:, None]
    last = np.floor(high - (box.left + 0.5)).astype(np.int32)[:, None]
    return box, (columns >= first) & (columns <= last)


def box_of_way(start: Point, end: Point, reach: float, image: Box) -> Box:
    """Return the box of what lies within ``reach`` of a way; falsy where that is not inside."""
    (x0, y0), (x1, y1) = start, end
    return Box(
        math.floor(min(y0, y1) - reach),
        math.floor(min(x0, x1) - reach),
        math.ceil(max(y0, y1) + reach),
        math.ceil(max(x0, x1) + reach),
    ).clipped(image)


def _ends(start: Point, end: Point, radius: float, y: Numbers) -> tuple[Numbers, Numbers]:
    """Return between which x a dab covers rows on its way; the first is above where it does not.

    They are those of the discs at both ends, or where the row meets the two sides.
    """
    (x0, y0), (x1, y1) = start, end
    square = radius * radius + 1e-3
    reach = math.sqrt(square)
    low, high = np.full(len(y), float(_FAR)), np.full(len(y), -float(_FAR))
    for x_end, y_end in ((x0, y0), (x1, y1)):
        left = square - (y - y_end) ** 2
        half = np.sqrt(left, out=np.full(len(y), np.nan), where=left >= 0)
        np.fmin(low, x_end - half, out=low)
        np.fmax(high, x_end + half, out=high)
    dx, dy = x1 - x0, y1 - y0
    if dy:
        length = math.hypot(dx, dy)
        for side in (-reach, reach):
            t = (y - y0 - dx / length * side) / dy
            x = np.where((t >= 0) & (t <= 1), x0 - dy / length * side + t * dx, np.nan)
            np.fmin(low, x, out=low)
            np.fmax(high, x, out=high)
    return low, high
