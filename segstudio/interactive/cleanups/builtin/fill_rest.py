"""Giving all that is left a class."""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.task import Task
from segstudio.domain.tiles import Ids
from segstudio.interactive.blocks import Read
from segstudio.interactive.cleanup import Kept, cleanups


@cleanups.add
@dataclass(frozen=True)
class FillRest:
    """Gives every unlabelled pixel one class."""

    title: ClassVar[str] = "Fill the rest"
    whole: ClassVar[bool] = False

    class_id: int = field(default=0, metadata={"label": "With class", "range": (0, 254)})

    @property
    def halo(self) -> int:
        return 0

    def survey(self, read: Read, image: Box, kept: Kept, task: Task) -> None:
        """Nothing beyond the window is needed."""

    def apply(self, ids: Ids, box: Box, kept: Kept, state: None) -> Ids:
        return np.where(ids == UNLABELLED, np.uint8(self.class_id), ids)
