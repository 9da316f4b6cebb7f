"""Filling small holes in what is labelled."""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.task import Part, Task
from segstudio.domain.tiles import Ids
from segstudio.interactive.blocks import Read
from segstudio.interactive.cleanup import Kept, chosen, cleanups, ids_present
from segstudio.interactive.cleanups.classes_setting import classes_field
from segstudio.interactive.parts import Numbers, local_parts, parts_of


@dataclass(frozen=True, eq=False)
class Holes:
    """The holes in one class: the area of the hole that each piece is part of, 0 for none."""

    class_id: int
    areas: Numbers
    offsets: dict[tuple[int, int], int]


@cleanups.add
@dataclass(frozen=True)
class FillHoles:
    """Gives a class what lies inside it and has less than so many pixels.

    A hole is a connected area (by 4 neighbours) of all that is not the class, that nowhere
    touches the image's edge. Of a hole within a hole the outer one counts. Locked classes
    inside stay.
    """

    title: ClassVar[str] = "Fill holes"
    whole: ClassVar[bool] = True

    smaller_than: int = field(
        default=50,
        metadata={
            "label": "Below, px",
            "range": (1, 100_000_000),
            "help": "holes of fewer pixels are filled",
        },
    )
    classes: tuple[int, ...] = classes_field()

    @property
    def halo(self) -> int:
        return 0

    def survey(self, read: Read, image: Box, kept: Kept, task: Task) -> list[Holes]:
        table = chosen(self.classes) & ~kept
        table[UNLABELLED] = False
        present = ids_present(read, image, Part(task, 0, 10))
        ids = [id for id in present if table[id]]
        steps = (Part(task, n + 1, len(ids) + 1) for n in range(len(ids)))
        found = (self._holes(read, image, id, step) for id, step in zip(ids, steps, strict=True))
        return [holes for holes in found if holes.areas.any()]

    def _holes(self, read: Read, image: Box, id: int, task: Task) -> Holes:
        parts = parts_of(
            lambda box: (read(box) != id).view(np.uint8), image, task, "Looking for holes"
        )
        top, left, bottom, right = parts.boxes.T
        inner = (top > image.top) & (left > image.left)
        inner &= (bottom < image.bottom) & (right < image.right)
        hole = inner & (parts.ids == 1) & (parts.areas < self.smaller_than)
        return Holes(id, np.where(hole, parts.areas, 0)[parts.piece], parts.offsets)

    def apply(self, ids: Ids, box: Box, kept: Kept, state: list[Holes]) -> Ids:
        new, outer = ids.copy(), np.zeros(ids.shape, np.int64)
        for holes in state:
            offset = holes.offsets[box.top, box.left]
            local = local_parts((ids != holes.class_id).view(np.uint8))
            areas = holes.areas[offset : offset + local.count]
            if areas.any():
                area = local.spread(areas[local.part])
                larger = area > outer
                new[larger] = holes.class_id
                outer[larger] = area[larger]
        return new
