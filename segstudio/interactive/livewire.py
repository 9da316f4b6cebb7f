"""Intelligent scissors: paths that keep to the edges of a picture."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.geometry import Box
from segstudio.domain.stroke import Point
from segstudio.domain.task import Task
from segstudio.imaging.lab import Rgb, lab_codes

Costs = NDArray[np.float32]
"""Height × width, from 0 (strong edge) to 1 (none)."""

NEAR = 384
"""How far around a seed paths are exact, in pixels."""

FAR, REDUCTION = 768, 4
"""How far around a seed paths follow edges at all, and how much they are reduced there."""

CHEAPEST = 0.02
"""Cost of the strongest edge: above 0, so that along it the shorter way is taken."""


class LiveWire:
    """A picture's edges, ready to be followed.

    Source: intelligent scissors (Mortensen & Barrett 1995), with the gradient of CIELAB at
    two scales as the only cost; shortest paths by OpenCV, which does not hold the GIL.
    """

    def __init__(self, rgb: Rgb) -> None:
        self.image = Box(0, 0, *rgb.shape[:2])
        self._costs = edge_costs(rgb)
        self._reduced = _reduced(self._costs)

    def snap(self, point: Point, radius: float) -> Point:
        """Return the centre of the pixel on the strongest edge within some pixels of a point.

        The nearest of those equally strong; the point itself where there is no edge.
        """
        x, y = _inside(point, self.image)
        reach = math.ceil(radius) + 1
        box = Box(int(y), int(x), int(y) + 1, int(x) + 1).grown(reach).clipped(self.image)
        away = np.hypot(
            np.arange(box.left, box.right) + 0.5 - x,
            (np.arange(box.top, box.bottom) + 0.5 - y)[:, None],
        )
        costs = np.where(away <= radius, self._costs[box.slices], np.inf)
        least = costs.min()
        if not np.isfinite(least) or costs[away <= radius].max() - least < 1e-3:
            return x, y
        nearest = np.where(costs <= least + 1e-6, away, np.inf).argmin()
        row, column = np.unravel_index(nearest, costs.shape)
        return box.left + int(column) + 0.5, box.top + int(row) + 0.5

    def seed(self, point: Point, task: Task, quick: bool = False) -> "Seed":
        """Find the shortest paths from a point; one outside counts as the nearest inside.

        ``quick``: everywhere reduced, in a fraction of the time, until the exact one is ready.
        """
        steps = 1 if quick else 2
        start = _inside(point, self.image)
        task.report(0, steps, "Edges")
        trees = [_Tree.grown(self._reduced, start, FAR, REDUCTION)]
        if not quick:
            task.report(1, steps, "Edges")
            trees.insert(0, _Tree.grown(self._costs, start, NEAR, 1))
        task.report(steps, steps, "Edges")
        return Seed(start, self.image, tuple(trees))


@dataclass(frozen=True, eq=False)
class Seed:
    """The shortest paths from a point to everywhere around it. Any thread may ask for one."""

    point: Point
    image: Box
    trees: "tuple[_Tree, ...]"
    """The exact one first."""

    def path(self, to: Point) -> list[Point]:
        """Return the points from the seed to a point along edges, both ends included.

        Beyond what was looked at the path goes straight on. A point outside the picture
        counts as the nearest inside.
        """
        to = _inside(to, self.image)
        rest = [to]
        for tree in reversed(self.trees):
            rest = _led(tree, rest)
        return [self.point, *(point for point in rest if point != self.point)]


def _led(tree: "_Tree", rest: list[Point]) -> list[Point]:
    """Return the points after a tree's root on the way to the last of some points.

    As much of the way as the tree reaches is its own, the others stay as they are.
    """
    if tree.reaches(rest[-1]):
        return [*tree.path(rest[-1]), rest[-1]]
    outside = next(n for n, point in enumerate(rest) if not tree.reaches(point))
    last = rest[outside - 1] if outside else tree.nearest(rest[0])
    return [*tree.path(last), last, *rest[outside:]]


@dataclass(frozen=True, eq=False)
class _Tree:
    """The shortest paths inside a window, at full or at reduced size."""

    window: Box
    """In reduced pixels."""

    reduction: int
    scissors: Any

    @classmethod
    def grown(cls, costs: Costs, root: Point, reach: int, reduction: int) -> "_Tree":
        import cv2

        x, y = int(root[0] / reduction), int(root[1] / reduction)
        whole = Box(0, 0, *costs.shape)
        window = Box(y, x, y + 1, x + 1).grown(reach // reduction).clipped(whole)
        inside = np.ascontiguousarray(costs[window.slices])
        scissors = cv2.segmentation.IntelligentScissorsMB()
        scissors.setWeights(0, 0, 1)  # neither its own edges nor directions
        nowhere = np.zeros((*inside.shape, 2), np.float32)
        scissors.applyImageFeatures(np.ones(inside.shape, np.uint8), nowhere, inside)
        scissors.buildMap((x - window.left, y - window.top))
        return cls(window, reduction, scissors)

    def reaches(self, point: Point) -> bool:
        return self.nearest(point) == point

    def nearest(self, point: Point) -> Point:
        """Return the nearest point inside the window."""
        window, size = self.window, self.reduction
        return _inside(
            point,
            Box(window.top * size, window.left * size, window.bottom * size, window.right * size),
        )

    def path(self, to: Point) -> list[Point]:
        """Return the centres of the pixels between the root and a point inside the window."""
        left, top, size = self.window.left, self.window.top, self.reduction
        target = int(to[0] / size) - left, int(to[1] / size) - top
        pixels = self.scissors.getContour(target).reshape(-1, 2)[1:-1]
        places = (pixels + np.array([left + 0.5, top + 0.5])) * size
        return [(x, y) for x, y in places.tolist()]


def closed(paths: Iterable[Sequence[Point]]) -> list[Point]:
    """Join paths, each beginning where the last ended, to the corners of one polygon."""
    corners: list[Point] = []
    for path in paths:
        corners += [p for n, p in enumerate(path) if n or not corners or p != corners[-1]]
    while len(corners) > 1 and corners[0] == corners[-1]:
        corners.pop()
    return corners


def edge_costs(rgb: Rgb) -> Costs:
    """Return what it costs to go over each pixel: little on edges, up to 1 elsewhere."""
    import cv2

    if not rgb.size:
        return np.ones(rgb.shape[:2], np.float32)
    lab = cv2.transform(lab_codes(rgb), np.diag([100 / 255, 1.0, 1.0]))
    fine = _steepness(cv2.GaussianBlur(lab, (0, 0), 1.0))
    height, width = rgb.shape[:2]
    half = cv2.resize(lab, ((width + 1) // 2, (height + 1) // 2), interpolation=cv2.INTER_AREA)
    coarse = _steepness(cv2.GaussianBlur(half, (0, 0), 1.0))
    steepness = fine + cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR)
    # What is usual in the picture is no edge, be it noise or texture.
    usual = max(2 * float(np.median(steepness[::4, ::4])), 4.0)
    costs = np.float32(usual) / (steepness + np.float32(usual))
    return np.asarray(np.maximum(costs, np.float32(CHEAPEST)))


def _steepness(lab: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the length of the gradient, over all three bands."""
    import cv2

    total = np.zeros(lab.shape[:2], np.float32)
    for plane in cv2.split(lab):
        for across in ((1, 0), (0, 1)):
            slope = cv2.Sobel(plane, cv2.CV_32F, *across, scale=0.25)
            cv2.accumulateSquare(slope, total)
    return np.asarray(cv2.sqrt(total))


def _reduced(costs: Costs) -> Costs:
    """Return the least cost of each block of `REDUCTION` × `REDUCTION` pixels."""
    height, width = (-(-n // REDUCTION) * REDUCTION for n in costs.shape)
    framed = np.ones((height, width), np.float32)
    framed[: costs.shape[0], : costs.shape[1]] = costs
    blocks = framed.reshape(height // REDUCTION, REDUCTION, width // REDUCTION, REDUCTION)
    return np.asarray(blocks.min((1, 3)))


def _inside(point: Point, box: Box) -> Point:
    """Return the nearest point of a box: no further than the centres of its border pixels."""
    x, y = point
    return (
        min(max(x, box.left + 0.5), box.right - 0.5),
        min(max(y, box.top + 0.5), box.bottom - 0.5),
    )
