"""What segmenters that group colours work on: weighted points in a space of colours."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.task import Task
from segstudio.methods.clustering import Points, nearest
from segstudio.methods.clusters import Clusters, by_lightness, table_of
from segstudio.methods.colours import ColourHistogram, as_lab, from_lab
from segstudio.methods.kernels import Kernels
from segstudio.methods.samples import Samples, nothing_valid

Space = Literal["rgb", "lab"]

LAB_CODES = (100 / 255, 1.0, 1.0)
"""Units of CIELAB that a step of its 8-bit codes is worth."""


@dataclass(frozen=True, eq=False)
class Cloud:
    """Weighted points to be grouped, and the colours that they stand for.

    A point is a colour in the units of its space; with a ``position`` its x and y come after
    it, so many units a pixel.
    """

    found: ColourHistogram
    points: Points
    lab: bool
    position: float | None = None

    @property
    def counts(self) -> NDArray[np.float64]:
        return self.found.counts

    def state(self, centres: Points, order: NDArray[np.intp] | None = None) -> Clusters:
        """Return what labels pictures by these centres.

        Groups are numbered from dark to light, those without a pixel left out, unless ``order``
        says which centres count and in which order.
        """
        ids = nearest(self.points, centres)
        if order is None:
            order, colours = by_lightness(self.found, ids)
        else:
            colours = self.colours_of(centres)[order]
        kept, encoding = centres[order], self.found.encoding
        if self.position is None and self.found.bins is not None:
            table = table_of(self.found, lambda some: nearest(self.points_of(some), kept))
            return Clusters(encoding, colours, table)
        scales = LAB_CODES if self.lab else (1.0,) * encoding.bands
        if self.lab:
            # Codes count a and b from 128.
            kept = kept + np.pad([0.0, 128.0, 128.0], (0, kept.shape[1] - 3))
        return Clusters(encoding, colours, None, Kernels(kept, scales, self.lab, self.position))

    def points_of(self, colours: NDArray[np.float64]) -> Points:
        """Return colours (n × bands, 0…255) as points between which distances are taken."""
        return as_lab(colours) if self.lab else colours

    def colours_of(self, points: Points) -> NDArray[np.float64]:
        """Return the colours that points stand for: `points_of` backwards."""
        bare = points[:, : self.found.encoding.bands]
        return from_lab(bare) if self.lab else bare


def cloud_of(samples: Samples, space: Space, task: Task, position: float = 0.0) -> Cloud:
    """Gather the points of pictures; CIELAB only where they have three bands.

    With ``position`` 1 the longer side of a picture counts as much as black to white. Raises
    `UserError` where no pixel is valid.
    """
    placed = samples.placed_colours(task) if position else None
    found = placed.found if placed else samples.colours(task)
    if not len(found.colours):
        raise nothing_valid()
    bands = found.encoding.bands
    lab = space == "lab" and bands == 3
    points = as_lab(found.colours) if lab else found.colours
    if placed is None:
        return Cloud(found, points, lab)
    longest = max(max(one.height, one.width) for one in samples.pictures)
    scale = position * (100 if lab else 255 * bands**0.5) / longest
    return Cloud(found, np.hstack([points, placed.places * scale]), lab, scale)
