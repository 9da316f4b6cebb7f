"""All objects of a mask in columns of numbers: hundreds of thousands, recounted where changed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box, bounding
from segstudio.domain.task import Task
from segstudio.domain.tiles import Ids, SparseLayer, tile_box
from segstudio.interactive.blocks import Read, Uniform, ids_of, unknown
from segstudio.interactive.objects import MaskObject
from segstudio.interactive.parts import Numbers, parts_of


@dataclass(frozen=True, eq=False)
class Census:
    """The connected parts (by 4 neighbours) of all classes of a mask, a row each.

    In the order of their classes, those of one class in reading order. ``boxes`` are top,
    left, bottom and right; ``first`` is row and column of an object's first pixel.
    """

    class_ids: Ids
    areas: Numbers
    boxes: Numbers
    first: Numbers

    @classmethod
    def none(cls) -> "Census":
        empty = np.zeros(0, np.int64)
        return cls(np.zeros(0, np.uint8), empty, empty.reshape(0, 4), empty.reshape(0, 2))

    @classmethod
    def of(cls, read: Read, image: Box, task: Task, uniform: Uniform = unknown) -> "Census":
        """Count the objects inside a box of the image; parts that reach out of it are cut off."""
        if not image:
            return cls.none()
        parts = parts_of(lambda box: ids_of(box, read, uniform), image, task, "Counting objects")
        rows, columns = np.divmod(parts.first, image.width)
        first = np.stack([rows + image.top, columns + image.left], 1)
        whole = cls(parts.ids, parts.areas, parts.boxes, first)
        return whole[parts.ids != UNLABELLED]._sorted()

    def recounted(
        self, read: Read, image: Box, changed: Box, task: Task, uniform: Uniform = unknown
    ) -> "Census":
        """Return the objects after a change inside a box of the image.

        Only what the box touches is counted again; all, where that is most of the image.
        """
        near = changed.grown(1)
        touched = [Box(*box) for box in self.boxes[self._meeting(near)].tolist()]
        around = bounding([changed, *touched]) or changed
        if 2 * around.area > image.area:
            return Census.of(read, image, task, uniform)
        # Parts that reach into the rim belong to objects that the change did not touch.
        fresh = Census.of(read, around.grown(1).clipped(image), task, uniform)
        kept, found = self[~self._inside(around)], fresh[fresh._inside(around)]
        return Census(
            *(
                np.concatenate([getattr(kept, name), getattr(found, name)])
                for name in ("class_ids", "areas", "boxes", "first")
            )
        )._sorted()

    def __len__(self) -> int:
        return len(self.class_ids)

    def __getitem__(self, rows: NDArray[np.bool_] | Numbers) -> "Census":
        return Census(self.class_ids[rows], self.areas[rows], self.boxes[rows], self.first[rows])

    def object(self, row: int) -> MaskObject:
        """Return one object; its id is its row."""
        line, column = self.first[row].tolist()
        box = Box(*self.boxes[row].tolist())
        inside = column + 0.5, line + 0.5
        return MaskObject(row, int(self.class_ids[row]), int(self.areas[row]), box, inside)

    def counts(self) -> dict[int, int]:
        """Return how many objects each class has that has any."""
        found = np.bincount(self.class_ids, minlength=256)
        return {int(id): int(found[id]) for id in np.flatnonzero(found)}

    def _meeting(self, box: Box) -> NDArray[np.bool_]:
        top, left, bottom, right = self.boxes.T
        down = (top < box.bottom) & (bottom > box.top)
        return np.asarray(down & (left < box.right) & (right > box.left))

    def _inside(self, box: Box) -> NDArray[np.bool_]:
        top, left, bottom, right = self.boxes.T
        down = (top >= box.top) & (bottom <= box.bottom)
        return np.asarray(down & (left >= box.left) & (right <= box.right))

    def _sorted(self) -> "Census":
        return self[np.lexsort((self.first[:, 1], self.first[:, 0], self.class_ids))]


def changed_box(before: SparseLayer, after: SparseLayer) -> Box | None:
    """Return the box around the tiles that differ between two snapshots; None for none."""
    keys = {*before, *after}
    return bounding(
        tile_box(key).clipped(after.box) for key in keys if before.get(key) is not after.get(key)
    )
