"""The grey value of a pixel, whatever numbers and bands its picture has."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.tiling import Pixels, Tile, Valid

LUMA = (0.299, 0.587, 0.114)
"""Weights of red, green and blue (ITU-R BT.601), as OpenCV has them."""

FILL = 1e30
"""Numbers beyond this are fill values that a file forgot to declare, not measurements."""

ROWS = 16
"""Rows whose greys are worked out at once, so that they stay in the processor's cache."""

Numbers = NDArray[Any]


def plain(pixels: Pixels) -> Pixels:
    """Return the pixels as uint8, uint16, float32 or float64, whichever holds them exactly.

    Complex numbers become their magnitude.
    """
    if pixels.dtype.kind == "c":
        pixels = np.abs(pixels)
    dtype = pixels.dtype
    if dtype.kind == "b":
        return pixels.astype(np.uint8)
    if dtype.kind == "u" and dtype.itemsize <= 2:
        return pixels.astype(dtype.newbyteorder("="), copy=False)
    return pixels.astype(np.result_type(dtype, np.float32), copy=False)


def usable(tile: Tile) -> Valid | None:
    """Tell which pixels hold numbers in every band; None where all do."""
    valid = tile.valid
    pixels = plain(tile.pixels)
    if pixels.dtype.kind == "f":
        good: Valid = np.asarray((np.abs(pixels) < FILL).all(axis=2))  # False for NaN too
        valid = good if valid is None else good & valid
    return None if valid is None or valid.all() else valid


def grey(pixels: Pixels) -> Numbers:
    """Return height × width greys in the picture's own units: luma of three bands, mean of others.

    8 and 16 bits stay what they are, rounded to the nearest.
    """
    pixels = plain(pixels)
    bands = pixels.shape[2]
    if bands == 1:
        return pixels[..., 0]
    if bands == 3 and pixels.dtype.kind == "u":
        import cv2

        return np.asarray(cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2GRAY))
    greys = np.empty(pixels.shape[:2], pixels.dtype)
    for top in range(0, len(pixels), ROWS):
        greys[top : top + ROWS] = _weighted(pixels[top : top + ROWS])
    return greys


def _weighted(pixels: Pixels) -> Numbers:
    # Band after band and without BLAS, so that a pixel's grey does not depend on its
    # neighbours: vector kernels round the rest of a row differently.
    kind = np.float64 if pixels.dtype == np.float64 else np.float32
    total = np.zeros(pixels.shape[:2], kind)
    with np.errstate(invalid="ignore", over="ignore"):
        for band, weight in enumerate(weights(pixels.shape[2])):
            total += pixels[..., band] * kind(weight)
    return total if pixels.dtype.kind == "f" else np.rint(total)


def weights(bands: int) -> tuple[float, ...]:
    """Return how much each band adds to the grey."""
    return LUMA if bands == 3 else (1 / bands,) * bands
