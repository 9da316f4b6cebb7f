"""Shapes as pixels: those whose centre lies inside.

Each shape is drawn within a box, usually the image; drawn within a smaller one it is the
same shape cut off, so that large shapes can be drawn piece by piece (`pieces`).
"""

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.geometry import Box
from segstudio.domain.stroke import Point, box_of_way, capsule, snapped
from segstudio.interactive.patch import Patch

PIECE = 1024
"""Side of the pieces of a large shape, in pixels."""

CLOSE = 1e-9
"""How much beyond an edge, in parts of the shape's size, still lies on it."""


def rectangle(a: Point, b: Point, image: Box) -> Patch:
    """Return the pixels whose centre lies between two corners, or on an edge."""
    return Patch.whole(_centres_within(a, b, image))


def _centres_within(a: Point, b: Point, image: Box) -> Box:
    (x0, x1), (y0, y1) = sorted((a[0], b[0])), sorted((a[1], b[1]))
    return Box(
        math.ceil(y0 - 0.5), math.ceil(x0 - 0.5), math.floor(y1 + 0.5), math.floor(x1 + 0.5)
    ).clipped(image)


def ellipse(a: Point, b: Point, image: Box) -> Patch:
    """Return the ellipse that fills the rectangle between two corners."""
    box = _centres_within(a, b, image)
    wide, high = abs(b[0] - a[0]) / 2, abs(b[1] - a[1]) / 2
    if not box or not wide or not high:
        return Patch.empty()
    x, y = _centres(box)
    across = (x - (a[0] + b[0]) / 2) / wide
    down = (y - (a[1] + b[1]) / 2) / high
    return Patch(box, across * across + (down * down)[:, None] <= 1 + CLOSE)


def _centres(box: Box) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return x of the centres of a box's columns, and y of those of its rows."""
    x = np.arange(box.left, box.right, dtype=np.float64) + 0.5
    return x, np.arange(box.top, box.bottom, dtype=np.float64) + 0.5


def polygon(points: Sequence[Point], image: Box) -> Patch:
    """Return the inside of a closed polygon by the even-odd rule; it may cross itself.

    Of pixels whose centre lies on an edge, those on left and upper edges belong to it: two
    polygons that share an edge share no pixel and leave none out.
    """
    if len(points) < 3:
        return Patch.empty()
    corners = np.array(points, np.float64)
    (x0, y0), (x1, y1) = corners.min(0), corners.max(0)
    box = _centres_within((x0, y0), (x1, y1), image)
    if not box:
        return Patch.empty()
    rows, columns = _crossings(corners, box)
    # Each edge that is crossed on the way from the left turns outside into inside and back.
    turns = np.zeros((box.height, box.width + 1), np.uint8)
    flat = rows * (box.width + 1) + columns
    odd, times = np.unique(flat, return_counts=True)
    turns.reshape(-1)[odd[times % 2 == 1]] = 1
    np.bitwise_xor.accumulate(turns, 1, out=turns)
    return Patch(box, turns[:, :-1].view(np.bool_))


def _crossings(
    corners: NDArray[np.float64], box: Box
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where edges cross the rows' middles: row, and first column right of it (in box)."""
    start, end = corners, np.roll(corners, -1, 0)
    down = (start[:, 1] <= end[:, 1])[:, None]
    upper, lower = np.where(down, start, end), np.where(down, end, start)
    first = np.clip(np.ceil(upper[:, 1] - 0.5), box.top, box.bottom).astype(np.int64)
    last = np.clip(np.ceil(lower[:, 1] - 0.5), box.top, box.bottom).astype(np.int64)
    count = np.maximum(last - first, 0)
    edge = np.repeat(np.arange(len(corners)), count)
    rows = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count) + first[edge]
    # Edges end at the same corners whichever way round they are drawn, and so cross alike.
    start, end, y = upper[edge], lower[edge], rows + 0.5
    share = (y - start[:, 1]) / (end[:, 1] - start[:, 1])
    columns = np.ceil(start[:, 0] + share * (end[:, 0] - start[:, 0]) - 0.5)
    # A division rounds: whether a centre lies just on the edge, products say.
    along, fall = (y - start[:, 1]) * (end[:, 0] - start[:, 0]), end[:, 1] - start[:, 1]
    columns += (columns + 0.5 - start[:, 0]) * fall < along
    columns -= (columns - 0.5 - start[:, 0]) * fall >= along
    columns = np.clip(columns, box.left, box.right).astype(np.int64)
    return rows - box.top, columns - box.left


def line(a: Point, b: Point, width: int, image: Box) -> Patch:
    """Return a straight line of a whole number of pixels' width, with round ends."""
    box, region = capsule(a, b, width, image)
    return Patch(box, region) if box else Patch.empty()


def square(start: Point, end: Point, side: int, image: Box) -> Patch:
    """Return the pixels that an upright square brush passes over on its way."""
    (x0, y0), (x1, y1) = snapped(start, side), snapped(end, side)
    reach = side / 2
    box = box_of_way((x0, y0), (x1, y1), reach, image)
    if not box:
        return Patch.empty()
    x, y = _centres(box)
    enters_x, leaves_x = _while_over(x, x0, x1 - x0, reach)
    enters_y, leaves_y = _while_over(y, y0, y1 - y0, reach)
    enters = np.maximum(enters_x, enters_y[:, None])
    leaves = np.minimum(leaves_x, leaves_y[:, None])
    return Patch(box, enters <= leaves + CLOSE)


def _while_over(
    centres: NDArray[np.float64], start: float, way: float, reach: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return from when to when, as parts 0…1 of the way, a brush is over each row or column."""
    if not way:
        over = np.abs(centres - start) <= reach
        return np.where(over, 0.0, 2.0), np.where(over, 1.0, -2.0)
    ends = np.stack([(centres - start - reach) / way, (centres - start + reach) / way])
    return np.maximum(ends.min(0), 0), np.minimum(ends.max(0), 1)


def pieces(draw: Callable[[Box], Patch], box: Box) -> Iterator[Patch]:
    """Yield a large shape piece by piece; ``draw`` draws it within a box. None are empty."""
    for part in box.tiles(PIECE):
        patch = draw(part)
        if patch:
            yield patch
