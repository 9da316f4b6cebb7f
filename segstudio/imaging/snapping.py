"""The borders of many regions that were found on a reduced picture, drawn again at full size."""

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.task import Task, track
from segstudio.imaging.lab import Rgb
from segstudio.imaging.tidying import grown

Labels = NDArray[np.int32]
"""Height × width, the number of each pixel's region."""

ROWS = 512
"""Rows that are drawn at once, so that Cancel is heard in between."""

MARGIN = 8
"""What is looked at around them, in pixels of the reduced picture."""

BLUR = 0.8
"""Smoothing of the picture, in its pixels, so that noise makes no ragged borders."""


def snapped(rgb: Rgb, labels: Labels, task: Task) -> Labels:
    """Return labels as large as a picture, from those of a reduction of it.

    What lies inside a region stays; where regions meet, the picture is flooded from both sides
    (watershed), so that the border comes to lie on the edge between them. No region is lost.
    """
    shape = rgb.shape[:2]
    markers = _markers(labels)
    rows, columns = (
        np.minimum(((np.arange(n) + 0.5) * (m / n)).astype(np.intp), m - 1)
        for n, m in zip(shape, labels.shape, strict=True)
    )
    margin = MARGIN * -(-shape[0] // labels.shape[0])
    found = np.empty(shape, np.int32)
    for top in track(task, range(0, shape[0], ROWS), "Drawing the borders"):
        first, last = max(top - margin, 0), min(top + ROWS + margin, shape[0])
        strip = _flooded(rgb[first:last], markers[np.ix_(rows[first:last], columns)])
        kept = slice(top - first, min(top + ROWS, shape[0]) - first)
        found[top : top + ROWS] = strip[kept]
    return grown(found)


def _markers(labels: Labels) -> Labels:
    """Return label + 1 where all 4 neighbours have the same label, else 0.

    Labels of which nothing is left so are marked wholly.
    """
    inside = np.ones(labels.shape, bool)
    same = labels[:, 1:] == labels[:, :-1]
    inside[:, 1:] &= same
    inside[:, :-1] &= same
    same = labels[1:] == labels[:-1]
    inside[1:] &= same
    inside[:-1] &= same
    kept = np.zeros(int(labels.max()) + 1, bool)
    kept[labels[inside]] = True
    inside |= ~kept[labels]
    return np.where(inside, labels + 1, 0).astype(np.int32)


def _flooded(rgb: Rgb, markers: Labels) -> Labels:
    """Return the labels; −1 where floods met and no neighbour has one."""
    import cv2

    # OpenCV draws its lines through the outermost pixels too: give it some to spare.
    smooth = cv2.GaussianBlur(np.ascontiguousarray(rgb), (0, 0), BLUR)
    framed = np.asarray(cv2.copyMakeBorder(smooth, 1, 1, 1, 1, cv2.BORDER_REPLICATE))
    marks = np.zeros(framed.shape[:2], np.int32)
    marks[1:-1, 1:-1] = markers
    flooded = np.asarray(cv2.watershed(framed, marks))
    return _without_lines(framed, flooded)[1:-1, 1:-1] - 1


def _without_lines(rgb: Rgb, flooded: Labels) -> Labels:
    """Give the lines between floods (−1) the label of the neighbour that looks most alike.

    0 where no neighbour has one.
    """
    width = rgb.shape[1]
    colours, labels = rgb.reshape(-1, 3), flooded.ravel()
    inner = np.zeros(flooded.shape, bool)
    inner[1:-1, 1:-1] = flooded[1:-1, 1:-1] < 0
    lines = np.flatnonzero(inner)
    own = colours[lines].astype(np.int32)
    least = np.full(len(lines), np.iinfo(np.int32).max)
    found = np.zeros(len(lines), np.int32)
    for step in (-1, 1, -width, width):
        beside = lines + step
        apart = ((colours[beside] - own) ** 2).sum(1)
        nearer = (labels[beside] > 0) & (apart < least)
        least = np.where(nearer, apart, least)
        found = np.where(nearer, labels[beside], found)
    labels[lines] = found
    return labels.reshape(flooded.shape)
