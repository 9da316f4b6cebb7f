"""What of a project's queue is labelled already."""

from collections.abc import Iterable, Sequence

import numpy as np

from segstudio.domain import codec
from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.records import ImageRecord, QueueItem, State
from segstudio.domain.tiles import TILE, SparseLayer, keys_of, tile_box
from segstudio.store.reading import Reading
from segstudio.store.regions import passed
from segstudio.workflows.pool import HALF, LEARNED

UNTOUCHED = (State.UNLABELLED, State.PROPOSED)


def has_open(images: Iterable[ImageRecord]) -> bool:
    """Tell whether there is a picture of which something may be asked for."""
    return any(image.state != State.REVIEWED and image.split in LEARNED for image in images)


def has_score(item: QueueItem) -> bool:
    """Tell whether the number of an item says anything: a draw without a model's word does not."""
    return not (item.by_lot and item.predicted is None)


def labelled_share(mask: SparseLayer, box: Box) -> float:
    """Return the share of the pixels of a box that are labelled, 0…1."""
    part = box.clipped(mask.box)
    labelled = 0
    for key in keys_of(part):
        tile = mask.get(key)
        if tile is None:
            continue
        whole = tile_box(key)
        piece = whole.clipped(part)
        if piece == whole:  # counted without unpacking it
            labelled += int(codec.counts(tile.data, TILE)[:UNLABELLED].sum())
        else:
            labelled += int(np.count_nonzero(tile.array[piece.within(whole)] != UNLABELLED))
    return labelled / max(part.area, 1)


def settled_by_state(item: QueueItem, image: ImageRecord) -> bool | None:
    """Tell from a picture's state alone whether an item is labelled; None: its mask must tell."""
    if item.box is None:
        return image.state not in UNTOUCHED
    if image.state == State.REVIEWED:
        return True
    return False if image.state == State.UNLABELLED else None


def wanted(project: Reading, items: Sequence[QueueItem]) -> tuple[list[QueueItem], list[bool]]:
    """Return the items that nobody has refused by now, and whether each is labelled by now."""
    refused = passed(project)
    images = {image.id: image for image in project.images()}
    left = [
        item
        for item in items
        if item.image not in images
        or not _lies_in(refused.get(item.image, []), item.box, images[item.image].box)
    ]
    return left, settled(project, left)


def _lies_in(others: Iterable[Box | None], box: Box | None, whole: Box) -> bool:
    """Tell whether half of a box lies in another one; None is the whole picture."""
    own = box or whole
    return any(own.clipped(other or whole).area >= HALF * own.area for other in others)


def settled(project: Reading, items: Sequence[QueueItem]) -> list[bool]:
    """Tell of each item whether it is labelled; those of pictures that are gone are."""
    images = {image.id: image for image in project.images()}
    masks: dict[int, SparseLayer] = {}
    found: list[bool] = []
    for item in items:
        image = images.get(item.image)
        known = True if image is None else settled_by_state(item, image)
        if known is None and image is not None and item.box is not None:
            if item.image not in masks:
                masks[item.image] = project.layers(image).mask
            known = labelled_share(masks[item.image], item.box) >= HALF
        found.append(bool(known))
    return found
