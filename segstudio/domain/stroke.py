"""Rasterising brush strokes, one piece at a time."""

import math

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.geometry import Box

Point = tuple[float, float]
"""x and y in image pixels; the centre of the first pixel is (0.5, 0.5)."""

Region = NDArray[np.bool_]


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
    box = Box(
        math.floor(min(y0, y1) - radius),
        math.floor(min(x0, x1) - radius),
        math.ceil(max(y0, y1) + radius),
        math.ceil(max(x0, x1) + radius),
    ).clipped(image)
    if not box:
        return box, np.zeros((0, 0), bool)
    x = np.arange(box.left, box.right, dtype=np.float32) + np.float32(0.5 - x0)
    y = np.arange(box.top, box.bottom, dtype=np.float32)[:, None] + np.float32(0.5 - y0)
    dx, dy = x1 - x0, y1 - y0
    length = dx * dx + dy * dy
    reach = np.float32(radius * radius + 1e-3)
    if not length:
        return box, x * x + y * y <= reach
    t = np.clip((x * np.float32(dx) + y * np.float32(dy)) * np.float32(1 / length), 0, 1)
    away_x, away_y = x - t * np.float32(dx), y - t * np.float32(dy)
    return box, away_x * away_x + away_y * away_y <= reach
