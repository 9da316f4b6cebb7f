"""Filling: what is connected with a pixel, in a mask or by colour."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.geometry import Box
from segstudio.domain.stroke import Point, Region
from segstudio.domain.task import Part, Quiet, Task
from segstudio.imaging.lab import Reference, looks_like
from segstudio.interactive.blocks import BLOCK, Read, Uniform, one_id, unknown
from segstudio.interactive.patch import Patch, pixel_of
from segstudio.interactive.spreading import Area, ArrayArea, Place, spread

WIDEST_GAP = 256
"""The widest leak that can be closed, in pixels."""


def fill_mask(
    read: Read, seed: Point, image: Box, gap: int, task: Task, uniform: Uniform = unknown
) -> Iterator[Patch]:
    """Yield the area of a mask that is connected (by 4 neighbours) with a point's pixel.

    It has that pixel's id, which may be unlabelled. Passages narrower than ``gap`` pixels are
    taken as closed; where the pixel itself lies in one, those narrower than that. Works on
    masks of any size in the memory of a few blocks; the patches do not overlap. Tiles that
    ``uniform`` knows are not read. A point outside the image yields nothing.
    """
    place = pixel_of(seed, image)
    if place is None:
        return
    row, column = place
    id = int(read(Box(row, column, row + 1, column + 1))[0, 0])
    yield from filled(_IdArea(read, uniform, id, image), place, gap, task)


def fill_colour(
    rgb: NDArray[np.uint8],
    seed: Point,
    tolerance: float,
    gap: int = 0,
    contiguous: bool = True,
    task: Task | None = None,
) -> Region:
    """Return the pixels of an array whose colour is like that of the pixel at a point.

    ``rgb`` is 8 bits, height × width × 3; the tolerance is a distance in CIELAB (ΔE 1976,
    of which about 2 are just seen). ``contiguous``: only what is connected with the pixel,
    with gaps closed as in `fill_mask`. A point outside gives nothing.
    """
    box = Box(0, 0, *rgb.shape[:2])
    place = pixel_of(seed, box)
    if place is None:
        return np.zeros(box.shape, bool)
    alike = looks_like(rgb, Reference.of(rgb[place]), tolerance)
    alike[place] = True
    if not contiguous:
        return alike
    out = np.zeros(box.shape, bool)
    for patch in filled(ArrayArea(alike), place, gap, task or Quiet()):
        out[patch.box.slices] |= patch.region
    return out


def filled(area: Area, place: Place, gap: int, task: Task) -> Iterator[Patch]:
    """Yield what of an area is connected with a pixel of it, passages under ``gap`` closed."""
    side = _widest_at(area, place, min(gap, WIDEST_GAP))
    if side <= 1:
        yield from spread(area, [place], task, "Filling")
    else:
        yield from _through_wide_passages(area, place, side, task)


@dataclass(frozen=True)
class _IdArea:
    """The pixels of a mask that have one id."""

    read: Read
    uniform: Uniform
    id: int
    image: Box

    def inside(self, box: Box) -> Region | bool:
        known = one_id(box, self.uniform)
        return self.read(box) == self.id if known is None else known == self.id


@dataclass(frozen=True)
class _Opened:
    """Where the upper left corner of a square may be so that the square lies in an area.

    Where squares cannot pass from one place to another, the passage is narrower than their
    side. The image's edge is a wall.
    """

    area: Area
    side: int

    @property
    def image(self) -> Box:
        return self.area.image

    def inside(self, box: Box) -> Region | bool:
        import cv2

        reach = Box(box.top, box.left, box.bottom + self.side - 1, box.right + self.side - 1)
        within = reach.clipped(self.image)
        inside = self.area.inside(within)
        if inside is False or (inside is True and within == reach):
            return inside
        ids = np.zeros(reach.shape, np.uint8)
        ids[within.within(reach)] = inside
        square = np.ones((self.side, self.side), np.uint8)
        fits = cv2.erode(ids, square, anchor=(0, 0))[: box.height, : box.width]
        return np.asarray(fits).view(np.bool_)


def _widest_at(area: Area, place: Place, gap: int) -> int:
    """Return the side, up to ``gap``, of the largest square in the area that holds a pixel."""
    return next((s for s in range(gap, 1, -1) if _corners_at(area, place, s)), 1)


def _corners_at(area: Area, place: Place, side: int) -> list[Place]:
    """Return the corners of all squares in an area that hold a pixel."""
    row, column = place
    box = Box(row - side + 1, column - side + 1, row + 1, column + 1).clipped(area.image)
    fits = _Opened(area, side).inside(box)
    found = np.argwhere(np.broadcast_to(fits, box.shape))
    return [(box.top + int(r), box.left + int(c)) for r, c in found]


def _through_wide_passages(area: Area, place: Place, side: int, task: Task) -> Iterator[Patch]:
    """Move a square through an area; yield what it covers, and what is left in its corners."""
    corners: dict[Place, NDArray[np.uint8]] = {}
    moving = spread(_Opened(area, side), _corners_at(area, place, side), Part(task, 0, 2), "")
    for patch in moving:
        key = patch.box.top // BLOCK, patch.box.left // BLOCK
        packed = np.packbits(patch.over(_block(key)), axis=1)
        corners[key] = corners[key] | packed if key in corners else packed
    near = {(row + down, column + right) for row, column in corners
            for down in (-1, 0, 1) for right in (-1, 0, 1)}  # fmt: skip
    widening = Part(task, 1, 2)
    for done, key in enumerate(sorted(near)):
        widening.report(done, len(near), "Filling")
        box = _block(key).clipped(area.image)
        if box:
            region = _covered(area, corners, box, side)
            if region.any():
                yield Patch(box, region)
    widening.report(len(near), len(near), "Filling")


def _block(key: Place) -> Box:
    return Box(key[0] * BLOCK, key[1] * BLOCK, (key[0] + 1) * BLOCK, (key[1] + 1) * BLOCK)


def _covered(area: Area, corners: dict[Place, NDArray[np.uint8]], box: Box, side: int) -> Region:
    """Return what squares at these corners cover of a box, grown into the area's own corners.

    A square leaves pixels out where the area is round or pointed: as many steps as half
    its side are taken from what it covers, inside the area.
    """
    import cv2

    steps = (side + 1) // 2
    wide = box.grown(steps)
    ids = _unpacked(corners, Box(wide.top - side, wide.left - side, wide.bottom, wide.right))
    square = np.ones((side, side), np.uint8)
    ids = np.asarray(cv2.dilate(ids, square, anchor=(side - 1, side - 1)))[side:, side:]
    inside = np.zeros(wide.shape, np.uint8)
    within = wide.clipped(area.image)
    inside[within.within(wide)] = area.inside(within)
    cross = np.asarray(cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3)))
    for _ in range(steps):
        ids = np.asarray(cv2.dilate(ids, cross)) & inside
    return ids[box.within(wide)].view(np.bool_)


def _unpacked(corners: dict[Place, NDArray[np.uint8]], box: Box) -> NDArray[np.uint8]:
    """Return the corners inside a box as an array of 0 and 1."""
    out = np.zeros(box.shape, np.uint8)
    for whole in box.tiles(BLOCK):
        key = whole.top // BLOCK, whole.left // BLOCK
        if key in corners:
            rows, columns = whole.within(_block(key))
            first = columns.start // 8
            packed = corners[key][rows, first : -(-columns.stop // 8)]
            bits = np.unpackbits(packed, axis=1)
            out[whole.within(box)] = bits[:, columns.start - first * 8 :][:, : whole.width]
    return out
