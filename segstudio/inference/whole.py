"""Showing a network of one fixed size the whole picture, and drawing its answer at full size."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.geometry import Box
from segstudio.domain.task import Task, track
from segstudio.domain.tiling import Pixels, Tile, Valid
from segstudio.inference.answers import Logits

Size = tuple[int, int]

ENOUGH = 16_000_000
"""Pixels up to which a picture is reduced in one step; larger ones are reduced tile by tile."""

AT_ONCE = 4
"""Bands that OpenCV resizes together."""

SIDE = 2048
"""Side of those tiles."""


def shrunk(
    read: Callable[[Box], Tile], picture: Size, size: Size, task: Task
) -> tuple[Pixels, "Holes"]:
    """Return a picture stretched to ``size``, and where it has no data."""
    height, width = picture
    down, across = 1, 1
    if height * width > ENOUGH:
        down, across = (max(1, p // (2 * s)) for p, s in zip(picture, size, strict=True))
    rows, columns = max(SIDE // down, 1) * down, max(SIDE // across, 1) * across
    whole, holes = Box(0, 0, height, width), Holes(picture)
    if down == across == 1:
        boxes = [whole]
    else:
        boxes = [
            Box(top, left, top + rows, left + columns).clipped(whole)
            for top in range(0, height, rows)
            for left in range(0, width, columns)
        ]
    gathered: Pixels | None = None
    for box in track(task, boxes, "Reading"):
        tile = read(box)
        holes.note(box, tile.valid)
        part = stretched(tile.pixels, -(-box.height // down), -(-box.width // across))
        if gathered is None:
            sides = -(-height // down), -(-width // across)
            gathered = np.zeros((*sides, part.shape[2]), part.dtype)
        top, left = box.top // down, box.left // across
        gathered[top : top + part.shape[0], left : left + part.shape[1]] = part
    assert gathered is not None
    return stretched(gathered, *size), holes


def stretched(pixels: Pixels, height: int, width: int) -> Pixels:
    """Return H × W × bands pixels in another size: means where it is smaller, else linear."""
    import cv2

    if pixels.shape[:2] == (height, width):
        return pixels
    if pixels.dtype not in (np.uint8, np.uint16, np.int16, np.float32):
        pixels = pixels.astype(np.float32)
    smaller = height <= pixels.shape[0] and width <= pixels.shape[1]
    way = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
    parts = [
        cv2.resize(
            np.ascontiguousarray(pixels[:, :, n : n + AT_ONCE]), (width, height), interpolation=way
        ).reshape(height, width, -1)
        for n in range(0, pixels.shape[2], AT_ONCE)
    ]
    return parts[0] if len(parts) == 1 else np.concatenate(parts, axis=2)


def drawn(logits: Logits, box: Box, picture: Size) -> Logits:
    """Return the part of logits over a ``box`` of a picture of another size, bilinearly.

    Linear between the centres of pixels, as networks themselves enlarge their maps.
    """
    for axis, (start, stop, side) in enumerate(
        ((box.top, box.bottom, picture[0]), (box.left, box.right, picture[1])), 1
    ):
        length = logits.shape[axis]
        place = (np.arange(start, stop) + 0.5) * (length / side) - 0.5
        place = place.clip(0, length - 1)
        first = np.minimum(place.astype(np.intp), max(length - 2, 0))
        second = np.minimum(first + 1, length - 1)
        share = (place - first).astype(np.float32)
        share = share.reshape((-1, 1) if axis == 1 else (1, -1))
        logits = logits.take(first, axis) * (1 - share) + logits.take(second, axis) * share
    return logits


class Holes:
    """Where a picture has no data, a bit a pixel, and only where there are such pixels."""

    def __init__(self, picture: Size) -> None:
        self._width = picture[1]
        self._rows: dict[int, NDArray[np.uint8]] = {}

    def note(self, box: Box, valid: Valid | None) -> None:
        if valid is None or valid.all():
            return
        for row in np.flatnonzero(~valid.all(1)):
            line = self._line(box.top + int(row))
            line[box.left : box.right] |= ~valid[row]
            self._rows[box.top + int(row)] = np.packbits(line)

    def over(self, box: Box) -> Valid | None:
        """Return which pixels of a box have no data, None where all have some."""
        rows = [row for row in range(box.top, box.bottom) if row in self._rows]
        if not rows:
            return None
        found = np.zeros(box.shape, bool)
        for row in rows:
            found[row - box.top] = self._line(row)[box.left : box.right]
        return found

    def _line(self, row: int) -> Valid:
        packed = self._rows.get(row)
        if packed is None:
            return np.zeros(self._width, bool)
        return np.unpackbits(packed, count=self._width).astype(bool)
