"""The objects of a mask: the connected parts of its classes, one by one.

This is how instances are counted here: what touches is one object.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np

from segstudio.domain.geometry import Box
from segstudio.domain.layers import lookup
from segstudio.domain.stroke import Point
from segstudio.domain.task import Quiet, Task
from segstudio.interactive.blocks import Read, Uniform, ids_of, unknown
from segstudio.interactive.flood import fill_mask
from segstudio.interactive.parts import parts_of
from segstudio.interactive.patch import Patch


@dataclass(frozen=True, slots=True)
class MaskObject:
    """One connected part of a class (by 4 neighbours).

    ``id`` counts the objects of a mask from 0, class by class and each in reading order;
    ``area`` is in pixels; ``inside`` is the middle of the object's first pixel.
    """

    id: int
    class_id: int
    area: int
    box: Box
    inside: Point


def objects_of(
    read: Read, image: Box, class_ids: Collection[int], task: Task, uniform: Uniform = unknown
) -> list[MaskObject]:
    """Return the objects of some classes in a mask of any size.

    Exact across blocks; the memory grows with the number of objects, not of pixels. Tiles
    that ``uniform`` knows are not read.
    """
    if not image:
        return []
    parts = parts_of(lambda box: ids_of(box, read, uniform), image, task, "Counting objects")
    wanted = np.flatnonzero(lookup(class_ids)[parts.ids])
    wanted = wanted[np.argsort(parts.ids[wanted], kind="stable")]
    rows, columns = np.divmod(parts.first[wanted], image.width)
    table = zip(
        parts.ids[wanted].tolist(), parts.areas[wanted].tolist(), parts.boxes[wanted].tolist(),
        (rows + image.top).tolist(), (columns + image.left).tolist(), strict=True,
    )  # fmt: skip
    return [
        MaskObject(number, id, area, Box(*box), (column + 0.5, row + 0.5))
        for number, (id, area, box, row, column) in enumerate(table)
    ]


def object_patch(
    read: Read, object: MaskObject, task: Task | None = None, uniform: Uniform = unknown
) -> Iterator[Patch]:
    """Yield the pixels of an object; the patches do not overlap.

    Nothing where its first pixel has another class by now.
    """
    column, row = (int(value) for value in object.inside)
    if read(Box(row, column, row + 1, column + 1))[0, 0] == object.class_id:
        yield from fill_mask(read, object.inside, object.box, 0, task or Quiet(), uniform)
