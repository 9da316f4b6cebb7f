"""The pictures of a project from which a strategy chooses; see `strategies.strategy.Pool`."""

import hashlib
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.geometry import Box
from segstudio.domain.records import ImageRecord, Split, State
from segstudio.domain.regions import Boxes, RegionTable, boxes_of, labelled_shares, side_for
from segstudio.domain.task import Task
from segstudio.domain.tiling import Tile
from segstudio.errors import Failure, UserError
from segstudio.inference.model import Model
from segstudio.store.overviews import kept
from segstudio.store.pictures import preview
from segstudio.store.project import Project
from segstudio.store.regions import passed
from segstudio.workflows import scoring
from segstudio.workflows.items import check_unchanged
from segstudio.workflows.models import Found, NoneKnown, in_use, of_run
from segstudio.workflows.picture_scores import scores_of
from segstudio.workflows.strategies.strategy import Tables

HALF = 0.5
"""A region of which this share is labelled, or lies in a box to be passed over, is settled."""

ENOUGH = 0.25
"""Regions of which less than this share holds data are not suggested."""

KNOWN = 500
"""Labelled pictures that others are compared with, at most; of more, so many are drawn by lot."""

FEATURES = "-features"
"""Follows the model in what tables with encoder features are kept under."""

LEARNED = (Split.POOL, Split.TRAIN)
UNTOUCHED = (State.UNLABELLED, State.PROPOSED)


def candidates(images: Sequence[ImageRecord]) -> list[ImageRecord]:
    """Return the pictures of which something may be suggested.

    They are neither reviewed nor there to measure on. Of pictures in work only regions are
    suggested, never the whole.
    """
    return [i for i in images if i.state != State.REVIEWED and i.split in LEARNED]


def some_of(images: Sequence[ImageRecord], most: int, seed: int = 0) -> list[ImageRecord]:
    """Return at most so many pictures, drawn by lot by what they hold, in their order."""
    if len(images) <= most:
        return list(images)
    chosen = sorted(images, key=lambda image: lot(image, seed))[:most]
    return sorted(chosen, key=lambda image: image.id)


def lot(image: ImageRecord, seed: int, part: str = "") -> float:
    """Return a number of 0…1 by lot that depends on the picture's content, part and seed alone."""
    content = image.hash or image.path
    digest = hashlib.sha256(f"{seed}:{content}{part}".encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


@dataclass(frozen=True)
class Models:
    """The models that may be asked: the one in use first, then others of the same classes."""

    found: Sequence[Found]
    class_ids: tuple[int, ...] = ()
    note: str = ""
    """Why there is none, where there is none."""


class ProjectPool:
    """Pictures of a project that may be suggested, and what its models say of them.

    ``failed`` lists the pictures that could not be looked at, ``notes`` what was done instead
    of what was asked.
    """

    def __init__(
        self,
        project: Project,
        images: Sequence[ImageRecord],
        model: Found | None = None,
        threads: int | None = None,
        longest: int = scoring.LONGEST,
        seed: int = 0,
    ) -> None:
        self.images = images
        self.seed = seed
        self.failed: list[Failure] = []
        self.notes: list[str] = []
        self._project, self._given, self._threads = project, model, threads
        self._longest = longest
        self._free: dict[tuple[int, int], NDArray[np.bool_]] = {}

    # -- models and classes ----------------------------------------------------------

    @cached_property
    def _found(self) -> Found:
        return self._given or in_use(self._project)

    @cached_property
    def model(self) -> Model:
        return self._found.open(self._threads)

    @cached_property
    def _models(self) -> Models:
        """The models that say something of the project's classes."""
        try:
            table = self._found.table(self.model.card, self._project)
        except NoneKnown as error:
            return Models((), note=error.message)
        except UserError as error:
            if self._given is not None:
                raise
            return Models((), note=error.message)
        own = tuple(int(table[id]) for id in self.model.card.ids)
        return Models((self._found, *self._others()), own)

    def _others(self) -> list[Found]:
        """Return earlier models of the project with the same classes, the newest first."""
        card = self.model.card
        others: list[Found] = []
        for run in self._project.runs():
            try:
                found = of_run(self._project, run.id)
                same = json.loads((found.path / "card.json").read_text(encoding="utf-8"))
                ids = tuple(label["id"] for label in same["classes"])
                bands = same.get("input", {}).get("bands", 3)
            except (UserError, OSError, ValueError, KeyError, TypeError):
                continue
            if ids == card.ids and bands == card.input.bands and found.path != self._found.path:
                others.append(found)
        return others

    @property
    def models(self) -> int:
        return len(self._models.found)

    @property
    def found(self) -> Sequence[Found]:
        """The model in use and earlier ones of its classes, the newest first."""
        return self._models.found

    @property
    def why_none(self) -> str:
        """Why there is no model that says something of the project's classes."""
        return self._models.note

    @property
    def class_ids(self) -> Sequence[int]:
        return self._models.class_ids

    @cached_property
    def class_names(self) -> Mapping[int, str]:
        return {label.id: label.name for label in self._project.classes()}

    @cached_property
    def labelled_pixels(self) -> Mapping[int, int]:
        return self._project.shares()

    @cached_property
    def round(self) -> int:
        return sum(run.kind == "train" and run.status == "done" for run in self._project.runs())

    def say(self, text: str) -> None:
        self.notes.append(text)

    # -- pictures --------------------------------------------------------------------

    def reduced(self, image: ImageRecord, side: int) -> Tile:
        path = self._project.path_of(image)
        check_unchanged(path, image)
        return preview(path, side, kept(self._project.root, image.hash))

    def score_each(
        self, name: str, score: Callable[[ImageRecord], float], task: Task
    ) -> dict[int, float]:
        scores, failed = scores_of(self._project, self.images, self._found.key, name, score, task)
        self._note_failed(failed)
        return scores

    # -- regions ---------------------------------------------------------------------

    def free(self, image: ImageRecord, side: int) -> Boxes:
        return boxes_of(image.height, image.width, self._side(image, side))[self._open(image, side)]

    def regions(self, task: Task, side: int, models: int = 1, features: bool = False) -> Tables:
        chosen = self._models.found[:models]
        if not chosen:
            raise UserError(self.why_none or "there is no model", "train one first")
        opened = [self.model, *(found.open(self._threads) for found in chosen[1:])]
        key = "+".join(found.key for found in chosen)
        tables = self._tables(self.images, opened, key, side, task, features)
        if models == 1:
            self._note_doubt(key, tables)
        return self._only_free(tables, side)

    def looks(self, task: Task, side: int) -> Tables:
        return self._only_free(self._tables(self.images, [], "", side, task), side)

    def labelled(self, task: Task, side: int, features: bool = False) -> Tables:
        images = [i for i in self._project.labelled() if i.split in LEARNED]
        if len(images) > KNOWN:
            self.say(f"compared with {KNOWN} of {len(images)} labelled pictures, drawn by lot")
            images = some_of(images, KNOWN, self.round)
        tables = self._tables(images, [self.model], self._found.key, side, task, features)
        known = {image.id: image for image in images}
        some = {id: t.taken(self._share(known[id], side) >= HALF) for id, t in tables.items()}
        return {id: table for id, table in some.items() if len(table)}

    def _tables(
        self,
        images: Sequence[ImageRecord],
        models: Sequence[Model],
        key: str,
        side: int,
        task: Task,
        features: bool = False,
    ) -> Tables:
        deep = features and models[0].gives_features
        # Tables of their own: those for others need not be larger, nor be made again.
        under = f"{key}{FEATURES}" if deep else key
        scorer = scoring.Scorer(self._project, models, under, side, self._longest, deep)
        tables = scorer.tables(images, task)
        self._note_failed(scorer.failed)
        return tables

    def _note_failed(self, failed: Sequence[Failure]) -> None:
        known = {failure.path for failure in self.failed}
        self.failed += [failure for failure in failed if failure.path not in known]

    def _note_doubt(self, key: str, tables: Tables) -> None:
        """Keep how unsure the model is of whole pictures: lists of pictures show it."""
        held = self._project.scores(key, "mean_entropy")
        fresh = {id: scoring.mean_entropy(t) for id, t in tables.items() if id not in held}
        fresh = {id: score for id, score in fresh.items() if math.isfinite(score)}
        if fresh and self._project.writable:
            self._project.set_scores(key, "mean_entropy", fresh).result()

    def _only_free(self, tables: Tables, side: int) -> Tables:
        images = {image.id: image for image in self.images}
        some: dict[int, RegionTable] = {}
        for id, table in tables.items():
            keep = self._open(images[id], side) & (table.valid >= ENOUGH)
            if keep.any():
                some[id] = table.taken(keep)
        return some

    def _side(self, image: ImageRecord, side: int) -> int:
        """Return the side of the regions of a picture: those of its table."""
        return side_for(side, math.prod(
            scoring.reduction(image.height, image.width, side, self._longest)))  # fmt: skip

    def _open(self, image: ImageRecord, side: int) -> NDArray[np.bool_]:
        """Tell of each region of a picture whether it may be suggested."""
        known = self._free.get((image.id, side))
        if known is None:
            known = self._free[image.id, side] = self._look_at_labels(image, side)
        return known

    def _look_at_labels(self, image: ImageRecord, side: int) -> NDArray[np.bool_]:
        boxes = boxes_of(image.height, image.width, self._side(image, side))
        open = np.ones(len(boxes), bool)
        if len(boxes) == 1 and image.state not in UNTOUCHED:
            return ~open
        if image.id in self._begun:
            open &= self._share(image, side) < HALF
        for box in self._passed.get(image.id, []):
            open &= _shares_inside(boxes, box or image.box) < HALF
        return open

    def _share(self, image: ImageRecord, side: int) -> NDArray[np.float32]:
        mask = self._project.layers(image).mask
        return labelled_shares(mask, self._side(image, side))

    @cached_property
    def _begun(self) -> frozenset[int]:
        """The pictures that have any label."""
        return frozenset(image.id for image in self._project.labelled())

    @cached_property
    def _passed(self) -> dict[int, list[Box | None]]:
        return passed(self._project)


def _shares_inside(boxes: Boxes, other: Box) -> NDArray[np.float64]:
    """Return the share of each box that lies inside another."""
    heights = np.minimum(boxes[:, 2], other.bottom) - np.maximum(boxes[:, 0], other.top)
    widths = np.minimum(boxes[:, 3], other.right) - np.maximum(boxes[:, 1], other.left)
    inside = np.maximum(heights, 0).astype(np.float64) * np.maximum(widths, 0)
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    return np.asarray(inside / areas)
