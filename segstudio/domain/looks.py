"""What a piece of a picture looks like in a few numbers: colour and texture, without a model."""

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.tiling import Pixels

LOOK = 7
"""Numbers of a look: mean and spread of three colours, and the mean step between neighbours."""

_TO_XYZ = np.array(
    [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]], np.float32
)
_WHITE = np.array([0.9505, 1.0, 1.089], np.float32)


def planes_of(pixels: Pixels) -> NDArray[np.float32]:
    """Return 4 × height × width: three colours, and how far a pixel is from those beside it.

    Pixels of three bands and 8 bits become CIELAB. Of others the first three bands are taken,
    the last again where there are fewer, as logarithms: their numbers have no common scale.
    """
    pixels = pixels.reshape(*pixels.shape[:2], -1)
    if pixels.dtype == np.uint8 and pixels.shape[2] == 3:
        colours = _lab(pixels)
    else:
        bands = [min(band, pixels.shape[2] - 1) for band in range(3)]
        values = np.nan_to_num(pixels[:, :, bands].astype(np.float32), posinf=0, neginf=0)
        colours = np.sign(values) * np.log1p(np.abs(values))
    planes = np.empty((4, *pixels.shape[:2]), np.float32)
    planes[:3] = np.moveaxis(colours, -1, 0)
    first = planes[0]
    planes[3] = np.abs(np.diff(first, axis=0, append=first[-1:]))
    planes[3] += np.abs(np.diff(first, axis=1, append=first[:, -1:]))
    return planes


@lru_cache(maxsize=1)
def _linear() -> NDArray[np.float32]:
    """Return the share of light that each 8-bit number of sRGB stands for."""
    codes = np.arange(256, dtype=np.float32) / 255
    return np.where(codes <= 0.04045, codes / 12.92, ((codes + 0.055) / 1.055) ** 2.4).astype(
        np.float32
    )


def _lab(rgb: NDArray[Any]) -> NDArray[np.float32]:
    """Return sRGB of 8 bits as CIELAB (D65): L 0…100, a and b about −128…127."""
    xyz = _linear()[rgb] @ _TO_XYZ.T / _WHITE
    f = np.where(xyz > 0.008856, np.cbrt(xyz), xyz * 7.787 + 16 / 116)
    lab = np.stack(
        [116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], -1
    )
    return lab.astype(np.float32, copy=False)
