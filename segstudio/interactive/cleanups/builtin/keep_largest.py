"""Keeping one part of each class."""

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.task import Task
from segstudio.domain.tiles import Ids
from segstudio.interactive.blocks import Read
from segstudio.interactive.cleanup import Kept, chosen, cleanups
from segstudio.interactive.cleanups.classes_setting import classes_field
from segstudio.interactive.parts import Parts
from segstudio.interactive.replacing import Replacement, replaced


@cleanups.add
@dataclass(frozen=True)
class KeepLargest:
    """Keeps the largest connected part of each class; of several the first from the top.

    The others become unlabelled, or take what surrounds them most.
    """

    title: ClassVar[str] = "Keep the largest part"
    whole: ClassVar[bool] = True

    classes: tuple[int, ...] = classes_field()
    others: Literal["unlabelled", "surroundings"] = "unlabelled"

    @property
    def halo(self) -> int:
        return 0

    def survey(self, read: Read, image: Box, kept: Kept, task: Task) -> Replacement:
        table = chosen(self.classes) & ~kept
        to = UNLABELLED if self.others == "unlabelled" else None
        return replaced(
            read, image, task, lambda parts: table[parts.ids] & ~_largest(parts), to, kept,
            lambda ids, areas: table[ids],
        )  # fmt: skip

    def apply(self, ids: Ids, box: Box, kept: Kept, state: Replacement) -> Ids:
        return state.apply(ids, box)


def _largest(parts: Parts) -> NDArray[np.bool_]:
    """Tell of each part whether it is the largest of its id."""
    order = np.lexsort((np.arange(len(parts)), -parts.areas, parts.ids))
    first = np.append(True, np.diff(parts.ids[order].astype(np.int64)) != 0)
    largest = np.zeros(len(parts), bool)
    largest[order[first]] = True
    return largest
