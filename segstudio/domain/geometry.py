"""Regions of an image, in whole pixels."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """A half-open rectangle: rows ``top:bottom``, columns ``left:right``."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def shape(self) -> tuple[int, int]:
        return self.height, self.width

    @property
    def area(self) -> int:
        return max(self.height, 0) * max(self.width, 0)

    @property
    def slices(self) -> tuple[slice, slice]:
        return slice(self.top, self.bottom), slice(self.left, self.right)

    def __bool__(self) -> bool:
        return self.bottom > self.top and self.right > self.left

    def clipped(self, to: "Box") -> "Box":
        """Return the part of this box that lies inside another; falsy where there is none."""
        return Box(
            max(self.top, to.top),
            max(self.left, to.left),
            min(self.bottom, to.bottom),
            min(self.right, to.right),
        )

    def grown(self, by: int) -> "Box":
        """Return the box with ``by`` pixels more on every side."""
        return Box(self.top - by, self.left - by, self.bottom + by, self.right + by)

    def within(self, origin: "Box") -> tuple[slice, slice]:
        """Return the slices of this box in an array that holds the pixels of ``origin``."""
        rows = slice(self.top - origin.top, self.bottom - origin.top)
        return rows, slice(self.left - origin.left, self.right - origin.left)

    def joined(self, other: "Box") -> "Box":
        """Return the smallest box around both."""
        return Box(
            min(self.top, other.top),
            min(self.left, other.left),
            max(self.bottom, other.bottom),
            max(self.right, other.right),
        )

    def tiles(self, size: int) -> Iterator["Box"]:
        """Cut the box along the grid of ``size`` pixels anchored at the image's corner."""
        for top in range(self.top // size * size, self.bottom, size):
            for left in range(self.left // size * size, self.right, size):
                yield Box(top, left, top + size, left + size).clipped(self)


def bounding(boxes: Iterable[Box]) -> Box | None:
    """Return the smallest box around all of them, None for none."""
    whole: Box | None = None
    for box in boxes:
        whole = box if whole is None else whole.joined(box)
    return whole
