"""How far pixels are from a region."""

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.stroke import Region

NEVER = 2**40
"""Squared distance where there is nothing to be near to."""


def squared_distances(region: Region) -> NDArray[np.int64]:
    """Return each pixel's squared distance to the nearest pixel of a region, 0 inside.

    Between the middles of pixels, exact up to distances of some thousand pixels.
    """
    import cv2

    if not region.any():
        return np.full(region.shape, NEVER, np.int64)
    outside = (~region).view(np.uint8)
    away = np.asarray(cv2.distanceTransform(outside, cv2.DIST_L2, cv2.DIST_MASK_PRECISE))
    return np.asarray(np.rint(away.astype(np.float64) ** 2), np.int64)
