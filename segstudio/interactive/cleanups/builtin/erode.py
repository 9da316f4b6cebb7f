"""Letting classes shrink."""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.task import Task
from segstudio.domain.tiles import Ids
from segstudio.interactive.blocks import Read
from segstudio.interactive.cleanup import Kept, chosen, cleanups
from segstudio.interactive.cleanups.classes_setting import classes_field
from segstudio.interactive.distances import squared_distances


@cleanups.add
@dataclass(frozen=True)
class Erode:
    """Lets classes shrink by so many pixels, from all that they border on.

    What they lose becomes unlabelled or the class named. The image's edge is no border.
    """

    title: ClassVar[str] = "Shrink"
    whole: ClassVar[bool] = False

    radius: int = field(default=1, metadata={"label": "By, px", "range": (1, 100)})
    classes: tuple[int, ...] = classes_field()
    becomes: int = field(
        default=UNLABELLED,
        metadata={"label": "Becomes", "range": (0, 255), "help": "255 is unlabelled"},
    )

    @property
    def halo(self) -> int:
        return self.radius

    def survey(self, read: Read, image: Box, kept: Kept, task: Task) -> None:
        """Nothing beyond the halo is needed."""

    def apply(self, ids: Ids, box: Box, kept: Kept, state: None) -> Ids:
        shrink = chosen(self.classes) & ~kept
        present = np.flatnonzero(np.bincount(ids.reshape(-1), minlength=256))
        new = ids.copy()
        for id in (id for id in present if shrink[id] and id != self.becomes):
            here = ids == id
            new[here & (squared_distances(~here) <= self.radius**2)] = self.becomes
        return new
