"""A part of a picture, reduced where it is large, and the way there and back."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.geometry import Box
from segstudio.domain.stroke import Point, Region, capsule
from segstudio.gui.tools.context import OpenPicture
from segstudio.interactive.patch import Patch
from segstudio.interactive.shapes import PIECE


@dataclass(frozen=True)
class Stroke:
    """A line that a person has drawn, in pixels of the image; ``erase``: not of the object."""

    points: tuple[Point, ...]
    width: float
    erase: bool = False

    @property
    def box(self) -> Box:
        """The pixels that it may touch."""
        return around(self.points, self.width / 2 + 1)

    def patch(self, image: Box) -> Patch:
        """Return the pixels of the image that it covers."""
        found = Patch.empty()
        for start, end in zip(self.points, self.points[1:] or self.points, strict=False):
            box, region = capsule(start, end, max(1, round(self.width)), image)
            if box:
                found = found.united(Patch(box, region))
        return found


def same(one: OpenPicture, other: OpenPicture | None) -> bool:
    """Whether both show the same pixels in the same colours, whatever is known of the image."""
    return other is not None and one.picture is other.picture and one.display == other.display


def around(points: Sequence[Point], reach: float = 0.0) -> Box:
    """Return the smallest box around points and so many pixels more on every side."""
    x, y = [x for x, _ in points], [y for _, y in points]
    return Box(
        math.floor(min(y) - reach), math.floor(min(x) - reach),
        math.ceil(max(y) + reach), math.ceil(max(x) + reach),
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Cutout:
    """The colours of a box; one pixel for ``stride`` × ``stride`` of the image."""

    box: Box
    stride: int
    rgb: NDArray[np.uint8]

    @classmethod
    def read(cls, picture: OpenPicture, box: Box, most: int) -> "Cutout":
        """Read about a box, inside the picture, with at most so many pixels. For jobs."""
        stride = 1
        while box.area > most * stride * stride:
            stride *= 2
        top, left = box.top // stride * stride, box.left // stride * stride
        aligned = Box(top, left, box.bottom, box.right).clipped(picture.box)
        return cls(aligned, stride, picture.rgb(aligned, stride))

    @property
    def image(self) -> Box:
        """All of the reduced pixels."""
        return Box(0, 0, self.rgb.shape[0], self.rgb.shape[1])

    def inward(self, point: Point) -> Point:
        """Return where a point of the image lies among the reduced pixels."""
        return (point[0] - self.box.left) / self.stride, (point[1] - self.box.top) / self.stride

    def outward(self, point: Point) -> Point:
        """Return where a point of the reduced pixels lies in the image."""
        return point[0] * self.stride + self.box.left, point[1] * self.stride + self.box.top

    def reduced(self, box: Box) -> Box:
        """Return a box of the image in reduced pixels; those it touches."""
        (left, top), (right, bottom) = (
            self.inward((box.left, box.top)), self.inward((box.right, box.bottom))
        )  # fmt: skip
        whole = Box(math.floor(top), math.floor(left), math.ceil(bottom), math.ceil(right))
        return whole.clipped(self.image)

    def drawn(self, strokes: Iterable[Stroke]) -> Region:
        """Return which of the reduced pixels strokes cover, as large as all of them."""
        out = np.zeros(self.image.shape, bool)
        for stroke in strokes:
            width = max(1, round(stroke.width / self.stride))
            points = [self.inward(point) for point in stroke.points]
            for start, end in zip(points, points[1:] or points, strict=False):
                box, region = capsule(start, end, width, self.image)
                if box:
                    out[box.slices] |= region
        return out

    def patches(self, region: Region) -> list[Patch]:
        """Return a region of the reduced pixels in the image, in pieces."""
        return list(self._pieces(region))

    def _pieces(self, region: Region) -> Iterator[Patch]:
        step = self.stride
        for piece in self.box.tiles(max(PIECE, step)):
            part = region[self.reduced(piece).slices]
            if part.any():
                whole = part.repeat(step, 0).repeat(step, 1) if step > 1 else part
                yield Patch(piece, whole[: piece.height, : piece.width]).tight()
