"""What a study of selection is made on: pictures whose masks are all known already."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.classes import UNLABELLED, LabelClass
from segstudio.domain.metrics import Confusion
from segstudio.domain.records import ImageRecord, Split
from segstudio.domain.regions import Boxes, boxes_of
from segstudio.domain.task import Task, track
from segstudio.domain.tiles import Ids
from segstudio.domain.tiling import Tile
from segstudio.errors import UserError
from segstudio.inference.model import Model
from segstudio.learning.dataset import Example
from segstudio.store.pictures import preview
from segstudio.store.project import Project
from segstudio.workflows.items import check_unchanged
from segstudio.workflows.scoring import LONGEST, seen
from segstudio.workflows.selection.annotator import shares_in
from segstudio.workflows.shelf import Shelf
from segstudio.workflows.strategies.strategy import Tables

LARGEST = 4096 * 4096
"""Pixels of a picture, at most: the simulated person holds whole masks."""

LEAST = 4
"""Pictures to choose from, at least."""

TELLING = 0.25
"""A region of which less is labelled in the reference is never asked for: nobody could answer."""


@dataclass(frozen=True, eq=False)
class Material:
    """Pictures to choose from, others to measure on, and the reference masks of both.

    ``name`` is the project's. Only labels of the splits train and pool are ever learned from.
    """

    name: str
    classes: Sequence[LabelClass]
    pool: Sequence[ImageRecord]
    judged: Sequence[ImageRecord]
    references: dict[int, Ids] = field(repr=False)
    fingerprint: str
    _project: Project = field(repr=False)
    _shelf: Shelf = field(repr=False)
    _looks: dict[int, Tables] = field(default_factory=dict, init=False, repr=False)

    @classmethod
    def of(cls, project: Project, shelf: Shelf, task: Task, split: Split = Split.VAL) -> "Material":
        """Read the masks of a project; raise `UserError` where there is too little.

        Pictures are read when they are needed.
        """
        labelled = [image for image in project.labelled() if image.box.area <= LARGEST]
        pool = [i for i in labelled if i.split in (Split.POOL, Split.TRAIN)]
        judged = [i for i in labelled if i.split == split]
        name = project.root.stem
        if len(pool) < LEAST:
            raise UserError(
                f"{name} has {len(pool)} labelled pictures to choose from",
                f"the study needs at least {LEAST} of the splits train or pool, with their masks",
            )
        if not judged:
            raise UserError(
                f"no picture of the split {split} in {name} is labelled",
                f"add some with --split {split} --masks DIR",
            )
        digest = hashlib.blake2b(digest_size=10)
        digest.update("\n".join(f"{c.id} {c.name}" for c in project.classes()).encode())
        references = {}
        for image in track(task, [*pool, *judged], f"Reading the labels of {name}"):
            try:
                check_unchanged(project.path_of(image), image)
            except UserError as error:
                raise UserError(f"{name}, {image.name}: {error.message}", error.hint) from None
            mask = project.layers(image).mask.read(image.box)
            references[image.id] = mask
            digest.update(f"{image.hash} {image.split == split}".encode())
            digest.update(hashlib.blake2b(mask.tobytes()).digest())
        return cls(name, project.classes(), pool, judged, references, digest.hexdigest(),
                   project, shelf)  # fmt: skip

    @property
    def ids(self) -> tuple[int, ...]:
        return tuple(label.id for label in self.classes)

    @cached_property
    def pixels(self) -> int:
        """Pixels of all pictures that may be labelled."""
        return sum(image.box.area for image in self.pool)

    def mean_area(self, side: int) -> float:
        """Return the pixels of a region of the pool on average."""
        return self.pixels / sum(len(boxes_of(i.height, i.width, side)) for i in self.pool)

    def telling(self, image: ImageRecord, boxes: Boxes) -> NDArray[np.bool_]:
        """Tell of regions whether the reference says enough of them."""
        known = self.references[image.id] != UNLABELLED
        if known.all():
            return np.ones(len(boxes), bool)
        return np.asarray(shares_in(known, boxes) >= TELLING)

    def reduced(self, image: ImageRecord, longest: int) -> Tile:
        return preview(self._project.path_of(image), longest)

    def looks(self, side: int, task: Task) -> Tables:
        """Return how the regions of the pool look; they are looked at once."""
        if side not in self._looks:
            self._looks[side] = {
                image.id: seen([], self.reduced(image, LONGEST), side)
                for image in track(task, self.pool, f"Looking at {self.name}")
            }
        return self._looks[side]

    def example(
        self, image: ImageRecord, mask: Ids, content: str = "", fresh: bool = False
    ) -> Example:
        """Return a picture with some labels; ``content`` is what these are known by."""
        read = partial(self._shelf.read, self._project.path_of(image), image.box)
        known = f"{image.hash}{content}"
        return Example(image.name, read, mask, known, image.id, fresh)

    def measured(self, model: Model, task: Task) -> Confusion:
        """Return how well a model does on the pictures that nobody learns from."""
        found = Confusion(self.ids)
        for image in track(task, self.judged, "Measuring"):
            found.add(self.references[image.id], self.predicted(model, image))
        return found

    def predicted(self, model: Model, image: ImageRecord) -> Ids:
        """Return the likeliest class of every pixel of a picture."""
        path = self._project.path_of(image)
        likeliest = model.logits(self._shelf.read(path, image.box)).argmax(0)
        return np.asarray(np.asarray(model.card.ids, np.uint8)[likeliest])
