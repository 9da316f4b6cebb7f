"""Removing what is too small to be meant."""

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
from segstudio.interactive.parts import Numbers
from segstudio.interactive.replacing import Replacement, replaced


@cleanups.add
@dataclass(frozen=True)
class RemoveSpecks:
    """Gives parts of less than so many pixels to what surrounds them most.

    Parts are connected by 4 neighbours. What surrounds a speck may be unlabelled; where it is
    specks again, they go first.
    """

    title: ClassVar[str] = "Remove specks"
    whole: ClassVar[bool] = True

    smaller_than: int = field(
        default=20,
        metadata={
            "label": "Below, px",
            "range": (1, 100_000_000),
            "help": "parts of fewer pixels go",
        },
    )
    classes: tuple[int, ...] = classes_field()

    @property
    def halo(self) -> int:
        return 0

    def survey(self, read: Read, image: Box, kept: Kept, task: Task) -> Replacement:
        table = chosen(self.classes) & ~kept

        def small(ids: Ids, areas: Numbers) -> NDArray[np.bool_]:
            return np.asarray(table[ids] & (areas < self.smaller_than))

        return replaced(
            read, image, task, lambda parts: small(parts.ids, parts.areas), None, kept, small
        )

    def apply(self, ids: Ids, box: Box, kept: Kept, state: Replacement) -> Ids:
        return state.apply(ids, box)
