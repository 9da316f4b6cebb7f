"""Cleaning up the masks of pictures, and copying one mask onto another."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from segstudio.domain import states
from segstudio.domain.classes import UNLABELLED, LabelClass
from segstudio.domain.edit import Edit, TileChange
from segstudio.domain.geometry import Box, bounding
from segstudio.domain.layers import Layers, lookup
from segstudio.domain.records import ImageRecord
from segstudio.domain.stroke import Region
from segstudio.domain.task import Part, Quiet, Task, track
from segstudio.domain.tiles import TILE, Ids, Key, Layer, Packed, Source, SparseLayer, tile_box
from segstudio.errors import UserError
from segstudio.interactive.blocks import BLOCK, Read
from segstudio.interactive.cleanup import Cleanup, Kept, after, cleanups
from segstudio.interactive.patch import Patch
from segstudio.settings import build
from segstudio.store.project import Project
from segstudio.workflows.gathering import gathering

TEXT = "Cleaning up"


@dataclass(frozen=True)
class Cleaned:
    """What cleaning up comes to: the edit that does it, and how many pictures it changes."""

    edit: Edit
    images: int
    changed: int


def plan_clean(
    project: Project,
    images: Sequence[ImageRecord],
    steps: Sequence[Cleanup],
    task: Task,
    within: Sequence[Patch] | None = None,
) -> Cleaned:
    """Plan to clean up the masks of pictures, step after step, as one edit.

    Pixels of locked classes stay. With ``within`` only those pixels change; the steps see the
    whole mask all the same.
    """
    classes = project.classes()
    check_steps(steps, classes)
    locked = [label.id for label in classes if label.locked]
    changed, idle = 0, _leaves_blank(steps)
    with gathering(project, len(images)) as gathered:
        for number, image in enumerate(images):
            part = Part(task, number, len(images), TEXT)
            part.report(0, 1, TEXT)
            layers = project.layers(image)
            if idle and not len(layers.mask):
                continue
            changes = list(cleaned(image.id, layers, steps, part, locked, within))
            if changes:
                changed += 1
                gathered.take(changes, states.changed(image, states.after_painting(image)))
        return Cleaned(gathered.edit(name_of(steps)), len(images), changed)


def cleaned(
    image: int,
    layers: Layers,
    steps: Sequence[Cleanup],
    task: Task,
    locked: Collection[int] = (),
    within: Sequence[Patch] | None = None,
) -> Iterator[TileChange]:
    """Yield the changes by which the steps clean up a mask; see `plan_clean`.

    What they give a pixel, a person has given it.
    """
    whole = layers.box
    read = cleaned_mask(layers.mask.read, whole, steps, Part(task, 0, 2), locked)
    area = whole if within is None else bounding(patch.box for patch in within)
    if area is None:
        return
    for box in track(Part(task, 1, 2), list(_blocks(area, whole)), TEXT):
        before, new = layers.mask.read(box), read(box)
        if within is not None:
            new = np.where(_over(within, box), new, before)
        if not np.array_equal(before, new):
            yield from _tiles(image, layers, box, before, new)


def cleaned_mask(
    read: Read, image: Box, steps: Sequence[Cleanup], task: Task, locked: Collection[int] = ()
) -> Read:
    """Return what reads a mask as the steps leave it; locked classes are as they were."""
    kept = lookup(locked)
    kept[UNLABELLED] = False
    for number, step in enumerate(steps):
        read = after(step, read, image, kept, Part(task, number, len(steps)))
    task.report(1, 1, TEXT)
    return read


def _leaves_blank(steps: Sequence[Cleanup]) -> bool:
    """Tell whether steps do nothing to a mask that has nothing in it."""
    box = Box(0, 0, 4, 4)
    blank = np.full(box.shape, UNLABELLED, np.uint8)
    read = cleaned_mask(lambda part: blank[part.slices], box, steps, Quiet())
    return bool((read(box) == UNLABELLED).all())


def _blocks(area: Box, whole: Box) -> Iterator[Box]:
    """Yield the blocks that an area touches, whole ones."""
    inside = area.clipped(whole)
    for part in inside.tiles(BLOCK):
        top, left = part.top // BLOCK * BLOCK, part.left // BLOCK * BLOCK
        yield Box(top, left, top + BLOCK, left + BLOCK).clipped(whole)


def _over(patches: Sequence[Patch], box: Box) -> Region:
    """Return which pixels of a box any of the patches means."""
    out = np.zeros(box.shape, bool)
    for patch in patches:
        part = patch.box.clipped(box)
        if part:
            out[part.within(box)] |= patch.region[part.within(patch.box)]
    return out


def _tiles(image: int, layers: Layers, box: Box, before: Ids, new: Ids) -> Iterator[TileChange]:
    """Yield the changes of the tiles of one block, which begins where a tile does."""
    for part in box.tiles(TILE):
        inside = part.within(box)
        changed = before[inside] != new[inside]
        if not changed.any():
            continue
        key = part.top // TILE, part.left // TILE
        ids, source = _copy(layers.mask.get(key)), _copy(layers.source.get(key))
        fills = part.within(tile_box(key))
        ids[fills] = new[inside]
        given = np.where(new[inside] == UNLABELLED, UNLABELLED, Source.PERSON)
        np.copyto(source[fills], given.astype(np.uint8), where=changed)
        yield TileChange(image, Layer.MASK, key, layers.mask.get(key), _packed(ids))
        yield TileChange(image, Layer.SOURCE, key, layers.source.get(key), _packed(source))


def _copy(tile: Packed | None) -> Ids:
    return np.full((TILE, TILE), UNLABELLED, np.uint8) if tile is None else tile.array.copy()


def _packed(ids: Ids) -> Packed | None:
    """Return a tile that does not hold its array: there may be very many of them."""
    tile = Packed.of(ids)
    if tile is not None:
        tile.release()
    return tile


# -- what is asked for ---------------------------------------------------------------


def name_of(steps: Sequence[Cleanup]) -> str:
    """Name what steps do, as it stands in the history."""
    return f"Clean up: {', '.join(step.title.lower() for step in steps)}"


def read_step(text: str) -> Cleanup:
    """Read a step as the command line gives it: ``NAME`` or ``NAME:FIELD=VALUE,FIELD=VALUE``.

    A value may be a list: what has no field of its own goes on with the one before. Raises
    `UserError` for what is no step.
    """
    name, _, rest = text.partition(":")
    values: dict[str, str] = {}
    last = ""
    for piece in (piece.strip() for piece in rest.split(",") if piece.strip()):
        field, equals, value = (part.strip() for part in piece.partition("="))
        if equals and field:
            last, values[field] = field, value
        elif last:
            values[last] += f",{piece}"
        else:
            raise UserError(f"{piece!r} is not a setting", "write a step as NAME:FIELD=VALUE,…")
    return build(cleanups[name.strip()], values)


def check_steps(steps: Sequence[Cleanup], classes: Sequence[LabelClass]) -> None:
    """Raise `UserError` where a step would give pixels a class that there is not."""
    known = {label.id for label in classes} | {UNLABELLED}
    for step in steps:
        for name in ("class_id", "becomes"):
            id = getattr(step, name, UNLABELLED)
            if id not in known:
                numbers = ", ".join(f"{label.id} {label.name}" for label in classes)
                raise UserError(f"there is no class with the number {id}", f"there are: {numbers}")


# -- copying -------------------------------------------------------------------------


def copied(
    image: int, layers: Layers, mask: SparseLayer, task: Task, locked: Collection[int] = ()
) -> Iterator[TileChange]:
    """Yield the changes that put what is labelled in another mask into this one.

    What is unlabelled there stays as it is here, and so do pixels of locked classes. Both
    masks are of one size.
    """
    kept = lookup(locked)
    kept[UNLABELLED] = False
    for key in track(task, sorted(mask), "Copying"):
        there = mask.get(key)
        assert there is not None
        yield from _copied_tile(image, layers, key, there.array, kept)


def _copied_tile(
    image: int, layers: Layers, key: Key, ids: Ids, kept: Kept
) -> Iterator[TileChange]:
    before, source = _copy(layers.mask.get(key)), _copy(layers.source.get(key))
    take = (ids != UNLABELLED) & (ids != before) & ~kept[before]
    if take.any():
        new, given = np.where(take, ids, before), np.where(take, np.uint8(Source.PERSON), source)
        yield TileChange(image, Layer.MASK, key, layers.mask.get(key), _packed(new))
        yield TileChange(image, Layer.SOURCE, key, layers.source.get(key), _packed(given))
