"""Merging and deleting classes: what becomes of their pixels in all pictures."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segstudio.domain import codec, states
from segstudio.domain.classes import UNLABELLED, LabelClass
from segstudio.domain.edit import Edit, RowChange, TileChange
from segstudio.domain.layers import Layers
from segstudio.domain.records import ImageRecord, State, class_row
from segstudio.domain.task import Task, track
from segstudio.domain.tiles import TILE, Key, Layer, Packed, keys_of
from segstudio.errors import UserError
from segstudio.store.holders import holders, proposed, tiles_of
from segstudio.store.project import Project


@dataclass(frozen=True)
class Reclass:
    """One class goes: its pixels to another class, or to nobody. No other changes its number."""

    label: LabelClass
    target: LabelClass | None = None

    @classmethod
    def among(
        cls, classes: Sequence[LabelClass], id: int, target_id: int | None = None
    ) -> "Reclass":
        """Return what merging does, or without a target what deleting does.

        Raises `UserError` where that cannot be done: a locked class keeps its pixels.
        """
        by_id = {label.id: label for label in classes}
        for wanted in (id, target_id):
            if wanted is not None and wanted not in by_id:
                raise UserError(f"there is no class with the number {wanted}")
        label = by_id[id]
        if id == target_id:
            raise UserError(f"{label.name} cannot be merged into itself", "choose another class")
        if label.locked:
            done = "deleted" if target_id is None else "merged into another class"
            raise UserError(f"{label.name} is locked and cannot be {done}", "unlock it first")
        return cls(label, None if target_id is None else by_id[target_id])

    @property
    def text(self) -> str:
        if self.target is None:
            return f"Delete class {self.label.name}"
        return f"Merge {self.label.name} into {self.target.name}"

    @property
    def row(self) -> RowChange:
        """The change of the class's own row."""
        return RowChange("classes", self.label.id, class_row(self.label), None)

    @property
    def table(self) -> NDArray[np.uint8]:
        """What each id becomes."""
        table = np.arange(256, dtype=np.uint8)
        table[self.label.id] = UNLABELLED if self.target is None else self.target.id
        return table

    def changes(self, image: int, layers: Layers) -> Iterator[TileChange]:
        """Yield the changes of one picture; pixels that stay labelled keep their source."""
        table = self.table
        for layer in (Layer.MASK, Layer.PROPOSAL):
            for key in layers[layer]:
                tile = layers[layer].get(key)
                assert tile is not None
                data = codec.remapped(tile.data, table, TILE)
                if data is tile.data:
                    continue
                after = None if data is None else Packed(data=data)
                yield TileChange(image, layer, key, tile, after)
                if layer == Layer.MASK and self.target is None:
                    yield _without_source(image, layers, key, after)


def _without_source(image: int, layers: Layers, key: Key, mask: Packed | None) -> TileChange:
    """Return the change by which nobody has given the pixels that a mask has no more."""
    source = layers.source.get(key)
    if source is None or mask is None:
        return TileChange(image, Layer.SOURCE, key, source, None)
    kept = np.where(mask.array == UNLABELLED, np.uint8(UNLABELLED), source.array)
    return TileChange(image, Layer.SOURCE, key, source, Packed.of(kept))


def _state_after(image: ImageRecord, layers: Layers, changes: Sequence[TileChange]) -> State:
    """Return the state of a picture that has lost a class."""
    gone = {layer: sum(c.layer == layer and c.after is None for c in changes) for layer in Layer}
    labelled = len(layers.mask) > gone[Layer.MASK]
    pending = len(layers.proposal) > gone[Layer.PROPOSAL]
    if gone[Layer.MASK] and not labelled:
        return State.PROPOSED if pending else State.UNLABELLED
    if gone[Layer.PROPOSAL] and not pending:
        return states.after_discarding(image, labelled)
    return image.state


class Reclassing:
    """Works out what a class's going changes, picture by picture, and stages it.

    Pictures that are changed meanwhile are worked out `again`. In the end comes `edit` or `drop`.
    """

    def __init__(self, project: Project, reclass: Reclass) -> None:
        self.project, self.reclass = project, reclass
        self._stage = project.stage()
        self._rows: dict[int, RowChange | None] = {}

    def all(self, task: Task) -> None:
        """Work out all pictures that hold the class."""
        found = _holding(self.project, self.reclass.label.id, task)
        images = [image for image in self.project.images() if image.id in found]
        for image in track(task, images, self.reclass.text):
            layers = self.project.layers(image)
            self._take(image, layers, list(self.reclass.changes(image.id, layers)), task)

    def again(self, ids: Collection[int], task: Task) -> None:
        """Work out pictures anew that have changed since; what was staged of them is replaced."""
        images = [image for image in self.project.images() if image.id in ids]
        for image in track(task, images, self.reclass.text):
            layers = self.project.layers(image)
            changes = list(self.reclass.changes(image.id, layers))
            self._stage.put(_as_they_are(image, layers), task)
            self._take(image, layers, changes, task)

    def _take(
        self, image: ImageRecord, layers: Layers, changes: list[TileChange], task: Task
    ) -> None:
        self._stage.put(changes, task)
        self._rows[image.id] = states.changed(image, _state_after(image, layers, changes))

    def edit(self) -> Edit:
        """Return all of it as one edit."""
        rows = [self._rows[id] for id in sorted(self._rows)]
        return self._stage.edit(self.reclass.text, [self.reclass.row, *rows])

    def drop(self) -> None:
        """Forget what is staged."""
        self._stage.drop()


def _as_they_are(image: ImageRecord, layers: Layers) -> Iterator[TileChange]:
    """Yield changes that change nothing: they take the place of what was staged before."""
    for layer in Layer:
        for key in keys_of(image.box):
            tile = layers[layer].get(key)
            yield TileChange(image.id, layer, key, tile, tile)


def _holding(project: Project, id: int, task: Task) -> set[int]:
    """Return the pictures that have a class in their mask or proposal."""
    found = set(holders(project, id))
    for image in track(task, proposed(project), "Looking for the class"):
        if image not in found and _proposes(project, image, id):
            found.add(image)
    return found


def _proposes(project: Project, image: int, id: int) -> bool:
    return any(id in codec.ids_in(data, TILE) for data in tiles_of(project, image, Layer.PROPOSAL))


def plan_merge(project: Project, source_id: int, target_id: int, task: Task) -> Edit:
    """Plan to give the pixels of a class to another one, and to take it off the list."""
    return _plan(project, Reclass.among(project.classes(), source_id, target_id), task)


def plan_delete(project: Project, id: int, task: Task) -> Edit:
    """Plan to take a class off the list; its pixels become unlabelled."""
    return _plan(project, Reclass.among(project.classes(), id), task)


def _plan(project: Project, reclass: Reclass, task: Task) -> Edit:
    work = Reclassing(project, reclass)
    try:
        work.all(task)
        return work.edit()
    except BaseException:
        work.drop()
        raise


@dataclass(frozen=True)
class Use:
    """How much of a project a class covers."""

    name: str
    images: int
    pixels: int
    all_pixels: int

    @property
    def text(self) -> str:
        """Say it in half a sentence."""
        if not self.pixels:
            return f"{self.name} is on no picture"
        share = 100 * self.pixels / max(1, self.all_pixels)
        rounded = f"{share:.1f}" if share < 0.95 else f"{share:.0f}"
        rounded = "less than 0.1" if share < 0.1 else rounded
        pictures = f"{self.images:,} picture{'s' * (self.images != 1)}"
        return f"{self.name} is on {pictures}, {rounded} % of all pixels"


def use_of(project: Project, label: LabelClass) -> Use:
    """Count where the masks have a class."""
    found = holders(project, label.id)
    area = sum(image.box.area for image in project.images())
    return Use(label.name, len(found), sum(found.values()), area)
