"""How far pixels are from a region."""

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.stroke import Region


def squared_distances(region: Region) -> NDArray[np.float32]:
    """Return each pixel's squared distance to the nearest pixel of a region, 0 inside.

    Between the middles of pixels: whole numbers, exact up to distances of 500 pixels, so that
    equal ones can be told; infinite where there is nothing to be near to.
    """
    import cv2

    if not region.any():
        return np.full(region.shape, np.inf, np.float32)
    outside = (~region).view(np.uint8)
    away = np.asarray(cv2.distanceTransform(outside, cv2.DIST_L2, cv2.DIST_MASK_PRECISE))
    np.multiply(away, away, out=away)
    return np.asarray(np.rint(away, out=away))
