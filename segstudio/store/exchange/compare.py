"""What is lost when masks go through a format and come back."""

import numpy as np

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.tiles import Ids


def differing_objects(before: Ids, after: Ids) -> int:
    """Count the objects of two masks that are not the same in both.

    An object is a connected area of one class (four neighbours). Those of ``before`` count
    that have any pixel that differs, and those of ``after`` where there was nothing.
    """
    differs = before != after
    if not differs.any():
        return 0
    return _touched(before, differs) + _touched(after, differs & (before == UNLABELLED))


def _touched(mask: Ids, where: "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]") -> int:
    import cv2

    count = 0
    for id in np.unique(mask[where]):
        if id != UNLABELLED:
            _, parts = cv2.connectedComponents((mask == id).view(np.uint8), connectivity=4)
            count += len(np.unique(parts[where & (mask == id)]))
    return count
