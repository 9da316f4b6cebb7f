"""The border of areas that were found on a reduced picture, drawn again at full size."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.stroke import Region
from segstudio.domain.task import Part, Task
from segstudio.imaging.gradients import Values, descended
from segstudio.imaging.lab import Rgb
from segstudio.imaging.lattice import colours, weight_of

Labels = NDArray[np.int8]
"""A label a pixel: −1 none, 0 background, 1… objects."""

Places = NDArray[np.intp]

Evidence = Callable[[Rgb], Values]
"""Returns for n × 3 colours how probable each label is, labels × n."""

TRUST = 0.05
"""How strongly evidence pulls, in weights of a neighbour of the same colour."""
WIDEST = 600_000  # pixels; a border that is everywhere is left as it is
STEPS = 40
EXACT = 5e-3


@dataclass(frozen=True, eq=False)
class Band:
    """Some pixels of a picture, joined with their neighbours; the others are known."""

    places: Places  # flat indices of the pixels
    weights: Values  # 4 × n, 0 beyond the picture's edge
    beside: Places  # 4 × n, flat indices of the neighbours
    inner: Places  # 4 × n, which pixel of the band each neighbour is, −1 where none

    @classmethod
    def of(cls, rgb: Rgb, region: Region) -> "Band":
        height, width = region.shape
        places = np.flatnonzero(region)
        rows, columns = np.divmod(places, width)
        steps = ((0, -1), (0, 1), (-1, 0), (1, 0))
        beside = np.stack(
            [
                np.clip(rows + down, 0, height - 1) * width + np.clip(columns + right, 0, width - 1)
                for down, right in steps
            ]
        )
        flat = rgb.reshape(-1, 3)
        lab = colours(flat[places])
        apart = np.stack([((colours(flat[near]) - lab) ** 2).sum(1) for near in beside])
        weights = weight_of(apart, float(apart.mean()) if apart.size else 0.0)
        weights[beside == places] = 0
        order = np.full(region.size, -1, np.intp)
        order[places] = np.arange(len(places))
        return cls(places, weights, beside, order[beside])

    def solved(
        self, known: Region, wanted: Values, pull: float, first: Values, task: Task
    ) -> Values:
        """Return how surely each pixel belongs to what is known of its surroundings.

        ``known`` is flat and says of every pixel of the picture whether it does; each pixel of
        the band is pulled towards ``wanted``. Conjugate gradients from the ``first`` values.
        """
        joined = np.where(self.inner >= 0, self.weights, np.float32(0))
        goal = (self.weights - joined) * known[self.beside]
        goal = goal.sum(0) + np.float32(pull) * wanted
        diagonal = self.weights.sum(0) + np.float32(pull + 1e-12)
        near = np.maximum(self.inner, 0)

        def flow(values: Values) -> Values:
            out = diagonal * values
            for weight, index in zip(joined, near, strict=True):
                out -= weight * values[index]
            return np.asarray(out)

        return descended(
            flow, lambda left: np.asarray(left / diagonal), goal, first, EXACT, STEPS, task
        )


def band_around(labels: Labels, radius: int) -> Region:
    """Return the pixels no further than ``radius`` from where two labels meet."""
    import cv2

    codes = labels.view(np.uint8)
    square = np.ones((3, 3), np.uint8)
    meeting = cv2.dilate(codes, square) != cv2.erode(codes, square)
    side = 2 * radius - 1
    grown = cv2.dilate(meeting.view(np.uint8), np.ones((side, side), np.uint8))
    return np.asarray(grown).view(np.bool_)


def sharpened(
    rgb: Rgb,
    labels: Labels,
    radius: int,
    fixed: Region,
    task: Task,
    evidence: Evidence | None = None,
) -> tuple[Labels, Places, Values]:
    """Move the border between labels onto the edges of the picture, by ``radius`` at most.

    Each pixel near a border takes the label that random walkers from it meet first, those
    of ``fixed`` keep theirs. ``evidence`` tells of colours which of the labels 0… they speak
    for. Returns the labels, the (flat) places looked at and how surely each has its label.
    """
    region = band_around(labels, radius) & ~fixed
    if not 0 < np.count_nonzero(region) <= WIDEST:
        return labels, np.zeros(0, np.intp), np.zeros(0, np.float32)
    band = Band.of(rgb, region)
    flat = labels.ravel()
    speaking = None if evidence is None else evidence(rgb.reshape(-1, 3)[band.places])
    best = np.full(len(band.places), -1, np.float32)
    winner = flat[band.places]
    found = np.unique(winner)
    for done, label in enumerate(found):
        part = Part(task, done, len(found))
        known = flat == label
        first = known[band.places].astype(np.float32)
        if speaking is None:
            sure = band.solved(known, first, 0.0, first, part)
        else:
            sure = band.solved(known, speaking[label], TRUST, first, part)
        better = sure > best
        best, winner = np.where(better, sure, best), np.where(better, label, winner)
    out = labels.copy()
    out.reshape(-1)[band.places] = winner
    return out, band.places, best
