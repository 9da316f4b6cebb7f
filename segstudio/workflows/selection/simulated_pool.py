"""The pool of the study: strategies ask it what they ask a project, and cannot tell them apart."""

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.records import ImageRecord
from segstudio.domain.regions import Boxes, RegionTable, boxes_of, side_for
from segstudio.domain.task import Task, track
from segstudio.domain.tiling import Tile
from segstudio.errors import UserError
from segstudio.inference.model import Model
from segstudio.workflows.pool import ENOUGH, HALF
from segstudio.workflows.scoring import LONGEST, reduction, seen
from segstudio.workflows.selection.annotator import Annotator, shares_in
from segstudio.workflows.selection.material import Material
from segstudio.workflows.strategies.strategy import Tables


class SimulatedPool:
    """A `Pool` of pictures whose labels are what an annotator has answered so far.

    ``images`` are those that may be suggested, ``trained`` the models of the rounds so far, the
    newest first. Nothing is remembered from model to model: looking costs what it costs.
    """

    def __init__(
        self,
        material: Material,
        images: Sequence[ImageRecord],
        annotator: Annotator,
        trained: Sequence[Model],
        seed: int,
    ) -> None:
        self.images, self.seed = images, seed
        self.notes: list[str] = []
        self._material, self._annotator, self._trained = material, annotator, trained
        self._looked: dict[tuple[int, int, bool], Tables] = {}

    # -- models and classes ----------------------------------------------------------

    @property
    def model(self) -> Model:
        if not self._trained:
            raise UserError("there is no model", "train one first")
        return self._trained[0]

    @property
    def models(self) -> int:
        return len(self._trained)

    @property
    def class_ids(self) -> Sequence[int]:
        return self._material.ids if self._trained else ()

    @property
    def class_names(self) -> Mapping[int, str]:
        return {label.id: label.name for label in self._material.classes}

    @property
    def labelled_pixels(self) -> Mapping[int, int]:
        return self._annotator.labelled_pixels

    @property
    def round(self) -> int:
        return len(self._trained)

    def say(self, text: str) -> None:
        self.notes.append(text)

    # -- pictures --------------------------------------------------------------------

    def reduced(self, image: ImageRecord, side: int) -> Tile:
        return self._material.reduced(image, side)

    def score_each(
        self, name: str, score: Callable[[ImageRecord], float], task: Task
    ) -> dict[int, float]:
        scores = {i.id: score(i) for i in track(task, self.images, "Looking for what to label")}
        return {id: value for id, value in scores.items() if math.isfinite(value)}

    # -- regions ---------------------------------------------------------------------

    def free(self, image: ImageRecord, side: int) -> Boxes:
        boxes = boxes_of(image.height, image.width, self._side(image, side))
        return boxes[self._open(image, boxes)]

    def regions(self, task: Task, side: int, models: int = 1, features: bool = False) -> Tables:
        return self._only_free(self._tables(task, side, models, features))

    def looks(self, task: Task, side: int) -> Tables:
        tables = self._material.looks(side, task)
        return self._only_free({image.id: tables[image.id] for image in self.images})

    def labelled(self, task: Task, side: int, features: bool = False) -> Tables:
        some: dict[int, RegionTable] = {}
        for id, table in self._tables(task, side, 1, features).items():
            keep = self._annotator.shares(id, table.boxes) >= HALF
            if keep.any():
                some[id] = table.taken(keep)
        return some

    # -- what only a study can know --------------------------------------------------

    def truth(self, owner: NDArray[np.int64], boxes: Boxes) -> NDArray[np.float64]:
        """Return, regions × classes, the shares that the references give them."""
        ids = np.asarray(self.class_ids)
        references = self._material.references
        return np.array(
            [
                (references[id][top:bottom, left:right].ravel() == ids[:, None]).mean(1)
                for id, (top, left, bottom, right) in zip(owner.tolist(), boxes, strict=True)
            ]
        ).reshape(len(owner), len(ids))

    def wrong(self, owner: NDArray[np.int64], boxes: Boxes, task: Task) -> NDArray[np.float64]:
        """Return the share of each region's pixels that the model predicts wrongly."""
        found = np.zeros(len(owner))
        for image in track(task, self.images, "Looking for errors"):
            mine = owner == image.id
            reference = self._material.references[image.id]
            predicted = self._material.predicted(self.model, image)
            wrong = (reference != UNLABELLED) & (reference != predicted)
            found[mine] = shares_in(wrong, boxes[mine])
        return found

    # -- looking ---------------------------------------------------------------------

    def _tables(self, task: Task, side: int, models: int, features: bool) -> Tables:
        """Return what the newest models say of all pictures, asked for or not."""
        deep = features and self.model.gives_features
        known = self._looked.get((side, models, deep))
        if known is None:
            asked = self._trained[:models]
            known = self._looked[side, models, deep] = {
                image.id: seen(asked, self._material.reduced(image, LONGEST), side, features=deep)
                for image in track(task, self.images, "Looking for what to label")
            }
        return known

    def _only_free(self, tables: Tables) -> Tables:
        images = {image.id: image for image in self.images}
        some: dict[int, RegionTable] = {}
        for id, table in tables.items():
            keep = self._open(images[id], table.boxes) & (table.valid >= ENOUGH)
            if keep.any():
                some[id] = table.taken(keep)
        return some

    def _open(self, image: ImageRecord, boxes: Boxes) -> NDArray[np.bool_]:
        asked = self._annotator.shares(image.id, boxes)
        return np.asarray((asked < HALF) & self._material.telling(image, boxes))

    def _side(self, image: ImageRecord, side: int) -> int:
        return side_for(side, math.prod(reduction(image.height, image.width, side)))
