"""The first, small version of a picture: read at once where that is cheap, else in strips."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.geometry import Box
from segstudio.domain.tiling import Tile
from segstudio.store import rasters
from segstudio.store.display import Display, Limits, Look, colours_of
from segstudio.store.formats import Picture, PictureInfo

LONGEST = 1600
"""Longest side of the coarse picture."""
MOST = 48 << 20
"""Bytes that it may take, with all its bands."""
AT_ONCE = 64 << 20
"""Bytes of a raster that are read in one go."""


def stride_of(info: PictureInfo) -> int:
    """Return the power of two by which the coarse picture is smaller."""
    stride, pixel = 1, info.bands * np.dtype(info.dtype).itemsize
    while (
        max(info.height, info.width) > LONGEST * stride
        or info.height * info.width * pixel > MOST * stride**2
    ):
        stride *= 2
    return stride


def raw_bytes(picture: Picture, box: Box, stride: int) -> int:
    """Return how much of the file has to be read for a box of the picture, about."""
    info = picture.info
    reduced = min(stride, picture.coarsest)
    return box.area * info.bands * np.dtype(info.dtype).itemsize // reduced**2


def parts_of(picture: Picture, stride: int) -> list[Box]:
    """Return the boxes in which the coarse picture is read, top to bottom."""
    whole = picture.info.box
    if raw_bytes(picture, whole, stride) <= AT_ONCE:
        return [whole]
    return list(rasters.strips(picture, stride))


@dataclass(frozen=True)
class Coarse:
    """A part of a picture in colours, ``stride`` times smaller than its ``box``."""

    colours: NDArray[np.uint8]
    stride: int
    box: Box


class Sample:
    """The pixels of a coarse picture, as far as they were read."""

    def __init__(self, info: PictureInfo, stride: int) -> None:
        self.info, self.stride = info, stride
        self._seen = Box(0, 0, 0, info.width)
        self._measured = 0
        self._limits: Limits | None = None
        self._limits_of: tuple[object, ...] = ()
        self._pixels = np.zeros((0, 0, info.bands), info.dtype)
        self._valid: NDArray[np.bool_] | None = None

    def put(self, tile: Tile) -> None:
        """Take the next strip, or all."""
        if tile.box == self.info.box:
            self._pixels, self._valid = tile.pixels, tile.valid
        else:
            self._put_strip(tile)
        self._seen = self._seen.joined(tile.box)

    def _put_strip(self, tile: Tile) -> None:
        if not self._pixels.size:
            shape = tuple(-(-side // self.stride) for side in self.info.box.shape)
            self._pixels = np.zeros((*shape, tile.pixels.shape[2]), tile.pixels.dtype)
        top = tile.box.top // self.stride
        rows = slice(top, top + tile.pixels.shape[0])
        self._pixels[rows] = tile.pixels
        if tile.valid is not None and self._valid is None:
            self._valid = np.ones(self._pixels.shape[:2], bool)
        if self._valid is not None:
            self._valid[rows] = True if tile.valid is None else tile.valid

    @property
    def tile(self) -> Tile:
        """What was read so far."""
        rows = -(-self._seen.height // self.stride)
        valid = None if self._valid is None else self._valid[:rows]
        return Tile(self._pixels[:rows], self._seen, valid)

    def display(self, look: Look) -> Display:
        """Return how the picture is shown; measured anew when twice as much was read."""
        asked = (look.stretch, look.percentiles)
        rows = self._seen.height
        final = self._seen == self.info.box and self._measured < rows
        if self._limits is None or asked != self._limits_of or final or rows >= 2 * self._measured:
            tile = self.tile
            self._limits = look.limits(tile.pixels, self.info, tile.valid)
            self._limits_of, self._measured = asked, rows
        return look.within(self._limits)

    def coarse(self, display: Display) -> Coarse:
        """Return what was read so far in colours."""
        return Coarse(colours_of(self.tile, display), self.stride, self._seen)
