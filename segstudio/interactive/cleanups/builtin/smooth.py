"""Smoothing outlines."""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.geometry import Box
from segstudio.domain.task import Task
from segstudio.domain.tiles import Ids
from segstudio.interactive.blocks import Read
from segstudio.interactive.cleanup import Kept, chosen, cleanups
from segstudio.interactive.cleanups.classes_setting import classes_field

WEIGHTS = 2000
"""About the sum of the weights along a line: whole numbers whose square a float32 holds."""


@cleanups.add
@dataclass(frozen=True)
class Smooth:
    """Gives each pixel the class that most of those around it have.

    The nearer ones count for more, as in a Gaussian that ends at the radius. Where classes are
    named, only pixels change that leave or join one of them. Unlabelled counts as a class.
    """

    title: ClassVar[str] = "Smooth outlines"
    whole: ClassVar[bool] = False

    radius: int = field(default=3, metadata={"label": "Radius, px", "range": (1, 100)})
    classes: tuple[int, ...] = classes_field()

    @property
    def halo(self) -> int:
        return self.radius

    def survey(self, read: Read, image: Box, kept: Kept, task: Task) -> None:
        """Nothing beyond the halo is needed."""

    def apply(self, ids: Ids, box: Box, kept: Kept, state: None) -> Ids:
        import cv2

        present = np.flatnonzero(np.bincount(ids.reshape(-1), minlength=256))
        if len(present) == 1:
            return ids
        line = _weights(self.radius)
        new = ids.copy()
        most = np.zeros(ids.shape, np.float32)
        own = np.zeros(ids.shape, np.float32)
        for id in present:
            here = (ids == id).astype(np.float32)
            # Whole numbers below 2²⁴: sums are exact, so that windows cannot differ.
            votes = np.asarray(
                cv2.sepFilter2D(here, cv2.CV_32F, line, line, borderType=cv2.BORDER_CONSTANT)
            )
            np.copyto(own, votes, where=here > 0)
            better = votes > most
            new[better] = id
            np.copyto(most, votes, where=better)
        new = np.where(own == most, ids, new)
        if self.classes:
            table = chosen(self.classes)
            new = np.where(table[ids] | table[new], new, ids)
        return new


def _weights(radius: int) -> NDArray[np.float32]:
    """Return the whole-number weights along a line, of 2 × radius + 1 pixels."""
    away = np.arange(-radius, radius + 1)
    bell = np.exp(-2 * (away / (radius + 0.5)) ** 2)
    return np.asarray(np.rint(bell * WEIGHTS / bell.sum()), np.float32)
