"""What clicks mean, where no network says it."""

from collections.abc import Sequence

import numpy as np

from segstudio.domain.geometry import Box
from segstudio.domain.stroke import Region, capsule
from segstudio.domain.task import Task
from segstudio.imaging.lab import Rgb
from segstudio.interactive.grabcut import GrabCut

Click = tuple[float, float, bool]
"""x and y in pixels, and whether what lies there belongs to the object."""

DAB = 1 / 30
"""Across, what a click says of its surroundings, in parts of the picture's shorter side."""
SMALLEST, LARGEST = 3, 21
"""The same, in pixels."""
BACKGROUND, OBJECT = 0, 1


def clicked(rgb: Rgb, clicks: Sequence[Click], box: Box | None, task: Task) -> Region:
    """Return the object that clicks, a box or both mean in a picture of 8 bits.

    Without a box, random walkers from each pixel meet a good click first, or a bad one or the
    rim of the picture; what does not hang together with a good click is no part of it. In a
    box GrabCut finds the object, with the clicks as strokes. Nothing good and no box: nothing.
    """
    shape = (rgb.shape[0], rgb.shape[1])
    good = _dabs([click for click in clicks if click[2]], shape)
    bad = _dabs([click for click in clicks if not click[2]], shape) & ~good
    if box is not None:
        cut = GrabCut(rgb)
        cut.begin(box, task)
        if good.any() or bad.any():
            cut.refine(good, bad, task)
        return cut.region
    if not good.any():
        return np.zeros(shape, bool)
    return _walked(rgb, good, bad, task)


def _walked(rgb: Rgb, good: Region, bad: Region, task: Task) -> Region:
    from segstudio.imaging.walker import random_walker

    seeds = np.full(good.shape, -1, np.int8)
    seeds[[0, -1]] = seeds[:, [0, -1]] = BACKGROUND
    seeds[bad], seeds[good] = BACKGROUND, OBJECT
    labels, _ = random_walker(rgb, seeds, None, task)
    return _together(labels == OBJECT, good)


def _dabs(clicks: Sequence[Click], shape: tuple[int, int]) -> Region:
    out = np.zeros(shape, bool)
    image, across = Box(0, 0, *shape), round(DAB * min(shape))
    across = min(max(across, SMALLEST), LARGEST)
    for x, y, _ in clicks:
        box, region = capsule((x, y), (x, y), across, image)
        if box:
            out[box.slices] |= region
    return out


def _together(region: Region, good: Region) -> Region:
    """Return the parts of a region that good clicks touch."""
    import cv2

    _, parts = cv2.connectedComponents(region.astype(np.uint8), connectivity=4)
    kept = np.zeros(int(parts.max()) + 1, bool)
    kept[np.unique(parts[good & region])] = True
    kept[0] = False
    return np.asarray(kept[parts])
