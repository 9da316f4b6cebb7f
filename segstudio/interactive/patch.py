"""Which pixels of an image are meant."""

import math
from dataclasses import dataclass

import numpy as np

from segstudio.domain.geometry import Box
from segstudio.domain.stroke import Point, Region

NOWHERE = Box(0, 0, 0, 0)


@dataclass(frozen=True, eq=False)
class Patch:
    """Some pixels of an image: those of ``box`` where ``region``, which fills it, is true."""

    box: Box
    region: Region

    def __post_init__(self) -> None:
        if self.box and self.region.shape != self.box.shape:
            raise ValueError(f"a region of {self.region.shape} does not fill {self.box}")

    @classmethod
    def empty(cls) -> "Patch":
        return cls(NOWHERE, np.zeros((0, 0), bool))

    @classmethod
    def whole(cls, box: Box) -> "Patch":
        """Return all pixels of a box. Takes no memory; the region is read-only."""
        return cls(box, np.broadcast_to(np.True_, box.shape)) if box else cls.empty()

    def __bool__(self) -> bool:
        return bool(self.box) and bool(self.region.any())

    @property
    def area(self) -> int:
        """How many pixels are meant."""
        return int(np.count_nonzero(self.region)) if self.box else 0

    def over(self, box: Box) -> Region:
        """Return which pixels of any box are meant."""
        out = np.zeros(box.shape, bool)
        part = self.box.clipped(box)
        if part:
            out[part.within(box)] = self.region[part.within(self.box)]
        return out

    def clipped(self, to: Box) -> "Patch":
        """Return the part that lies inside a box."""
        part = self.box.clipped(to)
        return Patch(part, self.region[part.within(self.box)]) if part else Patch.empty()

    def tight(self) -> "Patch":
        """Return the same pixels in the smallest box around them."""
        if not self:
            return Patch.empty()
        rows, columns = (np.flatnonzero(self.region.any(axis)) for axis in (1, 0))
        inner = Box(int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1)
        top, left = self.box.top, self.box.left
        moved = Box(top + inner.top, left + inner.left, top + inner.bottom, left + inner.right)
        return Patch(moved, self.region[inner.slices])

    def united(self, other: "Patch") -> "Patch":
        """Return the pixels of either."""
        if not self.box or not other.box:
            return self if self.box else other
        box = self.box.joined(other.box)
        return Patch(box, self.over(box) | other.over(box))

    def minus(self, other: "Patch") -> "Patch":
        """Return the pixels that the other has not."""
        if not self.box.clipped(other.box):
            return self
        return Patch(self.box, self.region & ~other.over(self.box))

    def common(self, other: "Patch") -> "Patch":
        """Return the pixels of both."""
        box = self.box.clipped(other.box)
        return Patch(box, self.over(box) & other.over(box)) if box else Patch.empty()


def pixel_of(point: Point, image: Box) -> tuple[int, int] | None:
    """Return row and column of the pixel in which a point lies; None outside the image."""
    x, y = point
    if not (math.isfinite(x) and math.isfinite(y)):
        return None
    row, column = math.floor(y), math.floor(x)
    inside = image.top <= row < image.bottom and image.left <= column < image.right
    return (row, column) if inside else None
