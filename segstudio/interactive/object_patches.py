"""The pixels of very many objects at once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from segstudio.domain.geometry import Box
from segstudio.domain.stroke import Region
from segstudio.domain.task import Task, track
from segstudio.interactive import blocks
from segstudio.interactive.blocks import Read, Uniform, ids_of, unknown
from segstudio.interactive.objects import MaskObject, object_patch
from segstudio.interactive.parts import local_parts
from segstudio.interactive.patch import Patch

MANY = 8
"""Objects inside one block from which on the block is gone through once for all of them."""


def patches_of(
    read: Read,
    objects: Iterable[MaskObject],
    image: Box,
    task: Task,
    text: str,
    uniform: Uniform = unknown,
) -> Iterator[Patch]:
    """Yield the pixels of objects of a mask, as `object_patch` does for one; none overlap."""
    inside: dict[Box, list[MaskObject]] = defaultdict(list)
    groups: list[tuple[Box | None, Sequence[MaskObject]]] = []
    for each in objects:
        block = _block_of(each, image)
        if each.box.clipped(block) == each.box:
            inside[block].append(each)
        else:
            groups.append((None, [each]))
    for block, group in inside.items():
        groups.append((block if len(group) >= MANY else None, group))
    for where, wanted in track(task, groups, text):
        if where is not None:
            yield Patch(where, _region(read, where, wanted, uniform))
        else:
            for each in wanted:
                yield from object_patch(read, each, task, uniform)


def _block_of(each: MaskObject, image: Box) -> Box:
    side = blocks.BLOCK
    top, left = each.box.top // side * side, each.box.left // side * side
    return Box(top, left, top + side, left + side).clipped(image)


def _region(read: Read, block: Box, group: Sequence[MaskObject], uniform: Uniform) -> Region:
    """Return which pixels of a block belong to objects inside it that are still there."""
    ids = np.ascontiguousarray(ids_of(block, read, uniform))
    local = local_parts(ids)
    places = np.array([each.inside for each in group])
    columns, rows = (places - [block.left, block.top]).astype(np.int64).T
    runs = np.searchsorted(local.starts, rows * block.width + columns, side="right") - 1
    same = ids[rows, columns] == np.array([each.class_id for each in group])
    wanted = np.zeros(local.count, bool)
    wanted[local.part[runs[same]]] = True
    known = np.zeros(block.shape, bool)  # what has been joined to them since is not theirs
    for each in group:
        known[each.box.within(block)] = True
    return np.asarray(local.spread(wanted[local.part]) & known)
