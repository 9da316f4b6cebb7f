"""Cleaning up masks of any size, in steps.

Each step turns a mask that can be read box by box into another one, so that steps follow
one another without a whole mask in between. A step that looks no further than its halo is
applied to what is read with that halo around it; one that must know the whole mask goes
through it once first.
"""

from collections import OrderedDict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import Field
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.layers import lookup
from segstudio.domain.task import Part, Task, track
from segstudio.domain.tiles import Ids
from segstudio.interactive.blocks import BLOCK, Read, blocks
from segstudio.registry import Registry

Kept = NDArray[np.bool_]
"""A table of 256 entries, true for the ids of locked classes."""

HELD = 48
"""How many finished blocks of a step over the whole mask are kept at hand (1 MB each)."""


class Cleanup(Protocol):
    """One step of cleaning up. A frozen dataclass: its fields are its settings.

    Where a setting asks for classes, none means all; 255 means unlabelled. Locked classes
    neither lose nor gain pixels, whatever a step returns.
    """

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    title: ClassVar[str]
    """What people call it."""

    whole: ClassVar[bool]
    """Whether it must go through the whole mask before it can do any part."""

    @property
    def halo(self) -> int:
        """How many pixels around a window it needs to do what lies inside."""

    def survey(self, read: Read, image: Box, kept: Kept, task: Task) -> Any:
        """Go through the whole mask; return what `apply` needs. Only where ``whole``."""

    def apply(self, ids: Ids, box: Box, kept: Kept, state: Any) -> Ids:
        """Return new ids for those of a box; ``ids`` stay as they are.

        Near edges of the box that are not the image's, the halo need not be right. Steps that
        are ``whole`` are only given whole blocks.
        """


cleanups: Registry[type[Cleanup]] = Registry("segstudio.interactive.cleanups.builtin", "clean-up")


def run_cleanup(
    read: Read,
    image: Box,
    steps: Cleanup | Sequence[Cleanup],
    task: Task,
    locked: Collection[int] = (),
    size: int = BLOCK,
) -> Iterator[tuple[Box, Ids]]:
    """Yield the windows in which one or several steps change anything, with their new ids.

    The mask that is read must stay as it is meanwhile. The result does not depend on
    ``size``, the side of the windows in pixels.
    """
    todo = list(steps) if isinstance(steps, Sequence) else [steps]
    kept = lookup(locked)
    kept[UNLABELLED] = False
    cleaned = read
    for number, step in enumerate(todo):
        cleaned = after(step, cleaned, image, kept, Part(task, number, len(todo) + 1))
    windows = list(image.tiles(size))
    for box in track(Part(task, len(todo), len(todo) + 1), windows, "Cleaning up"):
        ids = cleaned(box)
        if not np.array_equal(ids, read(box)):
            yield box, ids


def after(step: Cleanup, read: Read, image: Box, kept: Kept, task: Task) -> Read:
    """Return what reads the mask as a step leaves it."""
    if step.whole:
        return _Whole(step, read, image, kept, step.survey(read, image, kept, task))

    def cleaned(box: Box) -> Ids:
        wide = box.grown(step.halo).clipped(image)
        ids = read(wide)
        new = _guarded(ids, step.apply(ids, wide, kept, None), kept)
        return new[box.within(wide)]

    return cleaned


def _guarded(before: Ids, new: Ids, kept: Kept) -> Ids:
    """Take back what was taken from locked classes or given to them."""
    if not kept.any():
        return new
    return np.where(kept[before] | kept[new], before, new)


class _Whole:
    """Reads a mask as a step over the whole of it leaves it: block by block, some held."""

    def __init__(self, step: Cleanup, read: Read, image: Box, kept: Kept, state: Any) -> None:
        self._step, self._read, self._image = step, read, image
        self._kept, self._state = kept, state
        self._held: OrderedDict[Box, Ids] = OrderedDict()

    def __call__(self, box: Box) -> Ids:
        out = np.empty(box.shape, np.uint8)
        for part in box.tiles(BLOCK):
            top, left = part.top // BLOCK * BLOCK, part.left // BLOCK * BLOCK
            block = Box(top, left, top + BLOCK, left + BLOCK).clipped(self._image)
            out[part.within(box)] = self._cleaned(block)[part.within(block)]
        return out

    def _cleaned(self, block: Box) -> Ids:
        if block in self._held:
            self._held.move_to_end(block)
            return self._held[block]
        ids = self._read(block)
        new = _guarded(ids, self._step.apply(ids, block, self._kept, self._state), self._kept)
        self._held[block] = new
        if len(self._held) > HELD:
            self._held.popitem(last=False)
        return new


def chosen(classes: Collection[int]) -> NDArray[np.bool_]:
    """Return a table of the classes that a setting names: all of them where it names none."""
    if classes:
        return lookup([id for id in classes if 0 <= id <= UNLABELLED])
    table = np.ones(256, bool)
    table[UNLABELLED] = False
    return table


def ids_present(read: Read, image: Box, task: Task) -> list[int]:
    """Return the ids that a mask holds, 255 among them."""
    found = np.zeros(256, bool)
    todo = list(blocks(image))
    for box in track(task, todo, "Looking for classes"):
        found |= np.bincount(read(box).reshape(-1), minlength=256) > 0
    return [int(id) for id in np.flatnonzero(found)]
