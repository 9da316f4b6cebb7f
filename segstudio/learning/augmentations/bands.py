"""OpenCV on pictures of any number of bands."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.tiling import Pixels

AT_ONCE = 4
"""Bands that all of OpenCV's functions take."""


def by_bands(pixels: Pixels, act: Callable[[Pixels], NDArray[Any]]) -> Pixels:
    """Return what ``act`` makes of H × W × bands pixels, a few bands at a time.

    It gets 8 or 16 bits as they are, and all other numbers as float32.
    """
    native = pixels if pixels.dtype in (np.uint8, np.uint16) else pixels.astype(np.float32)
    if native.shape[2] <= AT_ONCE:
        made = act(native)  # OpenCV copies by itself where it has to: not for a part of a picture
        return made.reshape(*made.shape[:2], -1)
    parts = [
        act(np.ascontiguousarray(native[..., band : band + AT_ONCE]))
        for band in range(0, native.shape[2], AT_ONCE)
    ]
    return np.concatenate([part.reshape(*part.shape[:2], -1) for part in parts], 2)
