"""What held keys make of a drag: multiples of 45°, squares, shapes from their centre."""

import math

from segstudio.domain.stroke import Point

SNAP = math.pi / 4


def snapped(start: Point, at: Point) -> Point:
    """Return the end of a line of about the same length at a multiple of 45°."""
    dx, dy = at[0] - start[0], at[1] - start[1]
    angle = round(math.atan2(dy, dx) / SNAP) * SNAP
    length = dx * math.cos(angle) + dy * math.sin(angle)
    return start[0] + length * math.cos(angle), start[1] + length * math.sin(angle)


def squared(start: Point, at: Point) -> Point:
    """Return the corner of the square whose other corner is the start: as large as the drag."""
    dx, dy = at[0] - start[0], at[1] - start[1]
    side = max(abs(dx), abs(dy))
    return start[0] + math.copysign(side, dx), start[1] + math.copysign(side, dy)


def mirrored(centre: Point, at: Point) -> Point:
    """Return the point opposite of another about a centre."""
    return 2 * centre[0] - at[0], 2 * centre[1] - at[1]
