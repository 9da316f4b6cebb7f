"""Lines that keep to edges, worked out in jobs from what is in sight."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from segstudio.domain.geometry import Box
from segstudio.domain.stroke import Point
from segstudio.domain.task import Task
from segstudio.gui.tools.context import OpenPicture
from segstudio.gui.tools.cutout import Cutout, same
from segstudio.interactive.livewire import LiveWire, Seed, closed

MOST = 3_000_000
"""Pixels whose edges are looked for; larger views are reduced."""
AROUND = 0.05
"""How much more than what is in sight, in parts of its longer side."""

Leg = tuple[Point, Point]
"""Two points that a line is to join, in pixels of the image."""

Way = list[Point]


@dataclass(frozen=True, eq=False)
class Wire:
    """The edges of a part of a picture. Points are those of the image."""

    picture: OpenPicture
    cutout: Cutout
    live: LiveWire

    @classmethod
    def over(cls, picture: OpenPicture, sight: Box) -> "Wire":
        """Look for edges in what is in sight and a little around it. For jobs."""
        around = sight.grown(round(AROUND * max(sight.shape))).clipped(picture.box)
        cutout = Cutout.read(picture, around, MOST)
        return cls(picture, cutout, LiveWire(cutout.rgb))

    def serves(self, picture: OpenPicture, sight: Box) -> bool:
        """Whether it is of this picture, covers what is in sight, and as finely as can be."""
        box = self.cutout.box
        fine = self.cutout.stride == 1 or 4 * sight.area >= box.area
        return same(picture, self.picture) and box.joined(sight) == box and fine

    def holds(self, point: Point) -> bool:
        box = self.cutout.box
        return box.left <= point[0] < box.right and box.top <= point[1] < box.bottom

    def snap(self, point: Point, radius: float) -> Point:
        """Return the strongest edge within some pixels of a point; outside, the point."""
        if radius <= 0 or not self.holds(point):
            return point
        cutout = self.cutout
        found = self.live.snap(cutout.inward(point), radius / cutout.stride)
        return cutout.outward(found)

    def root(self, point: Point, task: Task, quick: bool = False) -> "Root":
        """Find the ways from a point. For jobs; ``quick`` ones take a moment."""
        return Root(point, self, self.live.seed(self.cutout.inward(point), task, quick))

    def joined(self, leg: Leg, task: Task) -> Way:
        """Return the way between two points. For jobs."""
        return self.root(leg[0], task).way(leg[1])


@dataclass(frozen=True, eq=False)
class Root:
    """All ways from one point."""

    point: Point
    wire: Wire
    seed: Seed

    def way(self, to: Point) -> Way:
        """Return the points of the way, both ends included; straight on outside the edges."""
        if math.dist(self.point, to) < 1e-6:
            return [self.point]
        cutout = self.wire.cutout
        found = self.seed.path(cutout.inward(to))
        return [self.point, *(cutout.outward(point) for point in found[1:-1]), to]


def outline(ways: Sequence[Way]) -> Way:
    """Return the corners of the area that ways enclose."""
    return closed(ways)
