"""How good the model in use is on regions drawn by lot, before they are learned from."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.records import QueueItem
from segstudio.domain.task import Task
from segstudio.errors import UserError
from segstudio.store.project import Project
from segstudio.workflows.items import Item, opened
from segstudio.workflows.models import IN_USE, in_use
from segstudio.workflows.replacing import Piece, measured_on

EMPTY = Box(0, 0, 0, 0)

AROUND = 64
"""Pixels around a region that the model sees too."""

LEAST = 2
"""Regions from which on a figure says anything."""

LARGEST = 16_000_000
"""Pixels of a region, at most: it is read in one piece."""


def lot_of(project: Project, items: Sequence[QueueItem], task: Task) -> dict[str, Any] | None:
    """Measure the model in use on what was drawn by lot and is labelled: see `by_lot`.

    Such regions are drawn from all of the pool, whatever any model thinks of them, and nothing
    was learned from them yet: so their mIoU is true of what was left of the pool. ``run`` is that
    of the model. None where there are too few.
    """
    boxes = {image.id: image.box for image in project.images()}
    items = [i for i in items if (i.box or boxes.get(i.image, EMPTY)).area <= LARGEST]
    if len(items) < LEAST:
        return None
    try:
        used = project.fact(IN_USE)
        found = measured_on(project, in_use(project), _pieces(project, items), task)
    except UserError:
        return None  # no model yet, or none of these classes
    run = int(used) if used.isdecimal() else None
    return None if found is None else {**found.to_json(), "regions": len(items), "run": run}


def _pieces(project: Project, items: Sequence[QueueItem]) -> Iterator[Piece]:
    """Yield pixels and masks of items, unlabelled around them; what cannot be read is left out."""
    images = {image.id: image for image in project.images()}
    for item in items:
        image = images.get(item.image)
        if image is None:
            continue
        box = item.box or image.box
        wide = box.grown(AROUND).clipped(image.box)
        try:
            with opened(Item(project.path_of(image), image)) as picture:
                pixels = picture.read(wide).pixels
        except UserError:
            continue
        mask = np.full(wide.shape, UNLABELLED, np.uint8)
        mask[box.within(wide)] = project.layers(image).mask.read(box)
        yield pixels, mask
