"""Pictures made smaller by averaging what is valid, and kept at every half size."""

from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.geometry import Box
from segstudio.domain.tiling import Pixels, Tile, Valid

_ROWS = 1024
_FAST = {"uint8", "uint16", "int16", "float32", "float64"}


class Pyramid:
    """A picture in memory with its halved, quartered … versions, each made when first needed."""

    def __init__(self, pixels: Pixels, valid: Valid | None) -> None:
        self._levels: list[tuple[Pixels, Valid | None]] = [(pixels, valid)]
        self._lock = Lock()

    @property
    def nbytes(self) -> int:
        """Memory of all sizes made so far."""
        return sum(
            pixels.nbytes + (0 if valid is None else valid.nbytes) for pixels, valid in self._levels
        )

    def read(self, box: Box, stride: int = 1) -> Tile:
        """Return a copy of a box, one pixel for each ``stride`` × ``stride``."""
        height, width = self._levels[0][0].shape[:2]
        box = box.clipped(Box(0, 0, height, width))
        halvings = _halvings(stride | box.top | box.left)
        step = 1 << halvings
        rows = slice(box.top // step, -(-box.bottom // step))
        columns = slice(box.left // step, -(-box.right // step))
        pixels, valid = self._level(halvings)
        pixels, valid = pixels[rows, columns], None if valid is None else valid[rows, columns]
        if stride > step:
            pixels, valid = shrink(pixels, valid, stride // step)
        if valid is not None and valid.all():
            valid = None
        return Tile(pixels.copy(), box, None if valid is None else valid.copy())

    def _level(self, number: int) -> tuple[Pixels, Valid | None]:
        with self._lock:
            while len(self._levels) <= number:
                self._levels.append(shrink(*self._levels[-1], 2))
            return self._levels[number]


def _halvings(number: int) -> int:
    """Return how often a number can be halved."""
    return (number & -number).bit_length() - 1


def shrink(pixels: Pixels, valid: Valid | None, by: int) -> tuple[Pixels, Valid | None]:
    """Return one pixel for each ``by`` × ``by``: the average of those that are valid.

    Cells at the right and lower edge that are not full average what there is. A cell is
    valid where any of its pixels is; its value is 0 where none is.
    """
    if by == 1:
        return pixels, valid
    height, width, bands = pixels.shape
    small = np.empty((-(-height // by), -(-width // by), bands), pixels.dtype)
    if valid is None:
        _average(pixels, by, small)
        return small, None
    small_valid = np.empty(small.shape[:2], np.bool_)
    step = max(_ROWS // by, 1) * by
    for top in range(0, height, step):
        rows = slice(top, min(top + step, height))
        out = slice(top // by, -(-rows.stop // by))
        small[out], small_valid[out] = _weighted(pixels[rows], valid[rows], by)
    return small, small_valid


def _weighted(pixels: Pixels, valid: Valid, by: int) -> tuple[Pixels, Valid]:
    precise = pixels.dtype.itemsize > 2
    weights = valid[:, :, None].astype(np.float64 if precise else np.float32)
    # Not a product: what is not valid may be NaN.
    values = np.where(valid[:, :, None], pixels, 0).astype(weights.dtype)
    shape = (-(-valid.shape[0] // by), -(-valid.shape[1] // by))
    total = np.empty((*shape, pixels.shape[2]), weights.dtype)
    share = np.empty((*shape, 1), weights.dtype)
    _average(values, by, total)
    _average(weights, by, share)
    mean = np.divide(total, share, out=np.zeros_like(total), where=share > 0)
    return _cast(mean, pixels.dtype), share[:, :, 0] > 0


def _average(pixels: NDArray[Any], by: int, out: NDArray[Any]) -> None:
    """Put the averages of cells into ``out``; edges repeat where a cell is not full."""
    height, width = pixels.shape[:2]
    rows, columns = height // by, width // by
    if rows and columns:
        out[:rows, :columns] = _cells(pixels[: rows * by, : columns * by], by)
    if columns * by < width:
        strip = _filled(pixels[:, columns * by :], by)
        out[:, columns:] = _cells(strip, by)
    if rows * by < height:
        strip = _filled(pixels[rows * by :], by)
        out[rows:] = _cells(strip, by)


def _filled(strip: NDArray[Any], by: int) -> NDArray[Any]:
    height, width = strip.shape[:2]
    return np.pad(strip, ((0, -height % by), (0, -width % by), (0, 0)), mode="edge")


def _cells(pixels: NDArray[Any], by: int) -> NDArray[Any]:
    """Return the averages of full cells."""
    height, width, bands = pixels.shape
    if pixels.dtype.name in _FAST and bands <= 4:
        import cv2

        small = cv2.resize(pixels, (width // by, height // by), interpolation=cv2.INTER_AREA)
        return np.asarray(small).reshape(height // by, width // by, bands)
    cells = pixels.reshape(height // by, by, width // by, by, bands)
    return _cast(cells.mean(axis=(1, 3), dtype=np.float64), pixels.dtype)


def _cast(values: NDArray[Any], dtype: np.dtype[Any]) -> NDArray[Any]:
    if dtype.kind in "iu":
        values = np.rint(values)
    return values.astype(dtype)
