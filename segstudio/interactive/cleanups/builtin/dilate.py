"""Letting classes grow."""

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
class Dilate:
    """Lets classes grow by so many pixels, over unlabelled ones or over what is named.

    A pixel between two that grow goes to the nearer one, of equally near ones to the lower
    number.
    """

    title: ClassVar[str] = "Grow"
    whole: ClassVar[bool] = False

    radius: int = field(default=1, metadata={"label": "By, px", "range": (1, 100)})
    classes: tuple[int, ...] = classes_field()
    over: tuple[int, ...] = classes_field(
        "what they may grow over, none for unlabelled only", "Over"
    )

    @property
    def halo(self) -> int:
        return self.radius

    def survey(self, read: Read, image: Box, kept: Kept, task: Task) -> None:
        """Nothing beyond the halo is needed."""

    def apply(self, ids: Ids, box: Box, kept: Kept, state: None) -> Ids:
        grow = chosen(self.classes) & ~kept
        free = chosen(self.over or (UNLABELLED,)) & ~kept
        present = np.flatnonzero(np.bincount(ids.reshape(-1), minlength=256))
        new = ids.copy()
        if not free[present].any():
            return new
        nearest = np.full(ids.shape, self.radius**2 + 1, np.float32)
        for id in (id for id in present if grow[id]):
            away = squared_distances(ids == id)
            nearer = (away < nearest) & (free[ids] | (ids == id))
            new[nearer] = id
            nearest[nearer] = away[nearer]
        return new
