"""What a simulated person sees, and where the next click or stroke goes.

The usual protocol of interactive segmentation (Sofiiuk et al. 2022, and before): the mark goes
into the middle of the largest error, that is to the pixel of it that is farthest from its border.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.geometry import Box
from segstudio.domain.stroke import Point, Region, capsule

WIDEST = 9
"""Pixels that a stroke is wide at most."""
MOST_SEEN = 5
"""Errors that a person looks at before giving up."""


@dataclass(frozen=True, eq=False)
class Case:
    """One object that somebody wants to have: what is in sight, and what is right.

    ``rgb`` is what is in sight, ``reference`` the object's pixels; errors count only where
    ``counted``. ``ids`` and ``probabilities`` are a model's answer in the same place, in which
    the object has ``value``; None without a model.
    """

    name: str
    rgb: NDArray[np.uint8]
    reference: Region
    counted: Region
    classes: NDArray[np.uint8] | None = None
    """The reference's classes, of which the object has ``value``."""

    value: int = 1
    probabilities: NDArray[np.float32] | None = None

    @property
    def box(self) -> Box:
        return Box(0, 0, self.reference.shape[0], self.reference.shape[1])

    def iou(self, found: Region) -> float:
        """Return how well a region is the object, 0…1."""
        either = (found | self.reference) & self.counted
        both = found & self.reference & self.counted
        return float(both.sum() / either.sum()) if either.any() else 1.0


@dataclass(frozen=True, eq=False)
class Error:
    """A connected error: whether something is missing there, else too much."""

    missing: bool
    depth: NDArray[np.float32]
    """How far each of its pixels is from its border, 0 elsewhere."""

    @property
    def middle(self) -> Point:
        """The centre of the pixel that is farthest from the border."""
        row, column = np.unravel_index(int(self.depth.argmax()), self.depth.shape)
        return float(column) + 0.5, float(row) + 0.5


def errors_of(case: Case, found: Region, most: int = MOST_SEEN) -> list[Error]:
    """Return the largest errors of what was found so far, the largest first."""
    import cv2

    parts: list[tuple[int, bool, Region]] = []
    for missing in (True, False):
        wrong = (case.reference & ~found) if missing else (found & ~case.reference)
        wrong = wrong & case.counted
        count, labels, facts, _ = cv2.connectedComponentsWithStats(
            wrong.astype(np.uint8), connectivity=4
        )
        areas = facts[1:count, cv2.CC_STAT_AREA]
        for label in 1 + np.argsort(-areas, kind="stable")[:most]:
            parts.append((int(facts[label, cv2.CC_STAT_AREA]), missing, labels == label))
    parts.sort(key=lambda part: -part[0])
    return [Error(missing, _depth(wrong)) for _, missing, wrong in parts[:most]]


def _depth(region: Region) -> NDArray[np.float32]:
    import cv2

    framed = np.pad(region, 1).astype(np.uint8)  # the edge of what is in sight is a border
    depth = cv2.distanceTransform(framed, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return np.asarray(depth[1:-1, 1:-1], np.float32)


def stroke_along(error: Error, widest: int = WIDEST) -> Region:
    """Return a straight stroke through the middle of an error along its longer axis.

    It goes as far as half of the depth is left on both sides of it, so it stays inside.
    """
    depth = error.depth
    rows, columns = np.nonzero(depth >= depth.max() / 2)
    x, y = error.middle
    spread = np.cov(np.stack([columns + 0.5 - x, rows + 0.5 - y])) if len(rows) > 2 else np.eye(2)
    _, axes = np.linalg.eigh(np.atleast_2d(spread))
    across, down = (float(v) for v in axes[:, -1])
    ends = [_reach(depth, (x, y), (sign * across, sign * down)) for sign in (1, -1)]
    width = max(1, min(widest, math.floor(float(depth.max()))))
    box = Box(0, 0, *depth.shape)
    part, inside = capsule(ends[0], ends[1], width, box)
    out = np.zeros(depth.shape, bool)
    out[part.slices] = inside
    return out


def _reach(depth: NDArray[np.float32], start: Point, way: Point) -> Point:
    """Return the last point on a way from a start on which an error is deep enough."""
    x, y = start
    least = float(depth.max()) / 2
    while True:
        after = x + way[0], y + way[1]
        column, row = int(after[0]), int(after[1])
        inside = 0 <= row < depth.shape[0] and 0 <= column < depth.shape[1]
        if not inside or min(after) < 0 or depth[row, column] < least:
            return x, y
        x, y = after
