"""Holding labels back from training where nobody has set pictures aside for validation."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.task import Quiet, Task, track
from segstudio.domain.tiles import Ids
from segstudio.learning.dataset import Example

EVERY = 5
BLOCK = 64
"""Side in pixels of the blocks that are held back where there are few pictures."""


@dataclass(frozen=True)
class Split:
    """What is trained on and what is held back.

    ``indicative`` is set where both are parts of the same pictures: a figure measured so says
    more about these pictures than about new ones.
    """

    train: list[Example]
    held: list[Example]
    indicative: bool


def split(examples: Sequence[Example], task: Task | None = None) -> Split:
    """Hold back every fifth picture by content hash; of fewer than five, blocks of pixels."""
    task = task or Quiet()
    if len(examples) < EVERY:
        return _split_blocks(examples)
    hashes = [e.content_hash() for e in track(task, examples, "Choosing what to hold back")]
    order = sorted(range(len(examples)), key=lambda place: (hashes[place], examples[place].name))
    back = set(order[EVERY - 1 :: EVERY])
    train = [e for place, e in enumerate(examples) if place not in back]
    return Split(train, [examples[place] for place in sorted(back)], False)


def _split_blocks(examples: Sequence[Example]) -> Split:
    """Hold back every fifth labelled block, but never the last block that has some class."""
    masks = [example.read_mask() for example in examples]
    blocks = [
        (place, box, _present(mask[box.slices]))
        for place, mask in enumerate(masks)
        for box in Box(0, 0, *mask.shape).tiles(BLOCK)
    ]
    labelled = [block for block in blocks if block[2].any()]
    labelled.sort(key=lambda block: _shuffled(examples[block[0]].name, block[1]))
    left = np.zeros(UNLABELLED, np.int64)
    for _, _, present in labelled:
        left += present
    back: list[tuple[int, Box]] = []
    wanted = -(-len(labelled) // EVERY)
    for place, box, present in labelled:
        if len(back) < wanted and (left[present] > 1).all():
            left[present] -= 1
            back.append((place, box))
    train, held = [], []
    for place, (example, mask) in enumerate(zip(examples, masks, strict=True)):
        boxes = [box for at, box in back if at == place]
        train.append(replace(example, mask=_without(mask, boxes)))
        if boxes:
            held.append(replace(example, mask=_only(mask, boxes)))
    return Split(train, held, True)


def _present(ids: Ids) -> NDArray[np.bool_]:
    return np.bincount(ids.ravel(), minlength=256)[:UNLABELLED] > 0


def _shuffled(name: str, box: Box) -> str:
    """Return a key that puts blocks into an order that is random but always the same."""
    return hashlib.sha256(f"{name}:{box.top}:{box.left}".encode()).hexdigest()


def _without(mask: Ids, boxes: Sequence[Box]) -> Ids:
    rest = mask.copy()
    for box in boxes:
        rest[box.slices] = UNLABELLED
    return rest


def _only(mask: Ids, boxes: Sequence[Box]) -> Ids:
    part = np.full_like(mask, UNLABELLED)
    for box in boxes:
        part[box.slices] = mask[box.slices]
    return part
