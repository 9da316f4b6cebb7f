"""Which method is best: every segmenter on the same pictures, measured on others.

What each may know: those that learn from a project's strokes (`Segmenter.seeds` "project") see
some pixels of each class, drawn at random from a few pictures. Those without strokes are fitted
to the same pictures together and get the best class for each of their regions there. Those that
need strokes on the picture itself get as many on each picture that they are measured on, so that
their figures stand beside the others and not among them.
"""

import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from segstudio.domain import assignment
from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.metrics import Confusion
from segstudio.domain.records import ImageRecord, Split
from segstudio.domain.task import Cancelled, Part, Quiet, Task
from segstudio.domain.tiles import Ids, SparseLayer
from segstudio.errors import UserError
from segstudio.methods.run import segment
from segstudio.methods.samples import Picture, Samples
from segstudio.methods.segmenter import Segmenter, segmenters
from segstudio.store.project import Project
from segstudio.workflows.compare import apart
from segstudio.workflows.holding_back import held_back
from segstudio.workflows.random_strokes import random_strokes
from segstudio.workflows.shelf import Shelf
from segstudio.workflows.strokes import ShelvedPicture
from segstudio.workflows.study_candidates import candidates

log = logging.getLogger(__name__)

FEWEST = 5
"""Labelled pictures of which some can be held back."""

BLOCK = 1024


@dataclass(frozen=True)
class Wanted:
    """What a study is to be of.

    ``images`` are learned from, ``pixels`` of each class stand for strokes. At most ``most``
    pictures are measured on, all where that is None. ``seed`` chooses pictures and pixels.
    """

    split: Split = Split.VAL
    seed: int = 0
    images: int = 5
    pixels: int = 200
    most: int | None = None


@dataclass(frozen=True, eq=False)
class Row:
    """What one method reaches with some settings, or the reason why it could not be measured.

    ``learning`` are seconds. ``refused`` counts the pictures that it would not segment, of which
    every pixel is wrong.
    """

    method: str
    settings: Segmenter
    confusion: Confusion | None = None
    learning: float = 0.0
    seconds_per_megapixel: float | None = None
    refused: int = 0
    reason: str = ""

    @property
    def miou(self) -> float | None:
        return self.confusion.miou if self.confusion is not None else None

    @property
    def seeds(self) -> str:
        """Whose strokes the method learns from: none, picture or project."""
        return self.settings.seeds


@dataclass(frozen=True)
class _Labelled:
    """A picture, read piece by piece, and its mask."""

    picture: Picture
    mask: SparseLayer


class Study:
    """A study that can be made: what it learns from, what it measures on, and how.

    Raises `UserError` where the project has no labelled pictures for both.
    """

    def __init__(
        self, project: Project, wanted: Wanted, chosen: Sequence[Segmenter] | None = None
    ) -> None:
        """Measure the ``chosen`` methods with their settings; without them, `candidates`."""
        self._project, self._wanted = project, wanted
        learned, judged = _apart(project, wanted.split)
        self.learned = _some(learned, wanted.images, wanted.seed)
        self.judged = _some(judged, wanted.most, wanted.seed)
        self.ids = tuple(label.id for label in project.classes())
        self.candidates = list(candidates(len(self.ids)) if chosen is None else chosen)

    def rows(self, task: Task) -> Iterator[Row]:
        """Measure one method after the other."""
        shelf, total = Shelf(), len(self.candidates) + 1
        try:
            learned = [self._labelled(image, shelf) for image in self.learned]
            masks, drawing = [one.mask for one in learned], Part(task, 0, total)
            strokes = self._strokes(masks, self._wanted.seed, drawing)
            samples = Samples([one.picture for one in learned], strokes=strokes)
            for done, settings in enumerate(self.candidates, 1):
                text = f"Measuring {settings.title}"
                part = Part(task, done, total, text)
                part.report(0, 1, text)
                yield self._row(settings, samples, learned, shelf, part)
            task.report(total, total, "Measured")
        finally:
            shelf.close()

    def _labelled(self, image: ImageRecord, shelf: Shelf) -> _Labelled:
        picture = ShelvedPicture(self._project.path_of(image), image, shelf)
        return _Labelled(picture, self._project.layers(image).mask)

    def _strokes(self, masks: Sequence[SparseLayer], seed: int, task: Task) -> list[SparseLayer]:
        return random_strokes(masks, self.ids, self._wanted.pixels, seed, task)

    def _row(
        self,
        settings: Segmenter,
        samples: Samples,
        learned: Sequence[_Labelled],
        shelf: Shelf,
        task: Task,
    ) -> Row:
        name = segmenters.name_of(settings)
        measuring = _Measuring(settings, self.ids)
        try:
            if settings.seeds != "picture":
                measuring.learn(samples, learned, Part(task, 0, 2))
            for done, image in enumerate(self.judged):
                part = Part(Part(task, 1, 2), done, len(self.judged))
                judged = self._labelled(image, shelf)
                fresh = None
                if settings.seeds == "picture":
                    drawn = self._strokes([judged.mask], self._wanted.seed + image.id, Quiet())
                    fresh = Samples([judged.picture], strokes=drawn)
                measuring.judge(judged, fresh, part)
        except (Cancelled, GeneratorExit):
            raise
        except UserError as error:
            return Row(name, settings, reason=error.message)
        except MemoryError:
            return Row(name, settings, reason="there is not enough memory for it")
        except Exception as error:
            # One method at fault must not take the figures of all others with it.
            log.exception("%s failed in a study", name)
            return Row(name, settings, reason=f"it failed: {type(error).__name__}: {error}")
        return measuring.row(name)


class _Measuring:
    """One method on its way through a study."""

    def __init__(self, settings: Segmenter, ids: tuple[int, ...]) -> None:
        self._settings, self._ids = settings, ids
        self._confusion = Confusion(ids)
        self._state: Any = None
        self._classes: Mapping[int, int] = {id: id for id in ids}
        self._learning = self._seconds = 0.0
        self._area, self._refused, self._reason = 0, 0, ""

    def learn(self, samples: Samples, learned: Sequence[_Labelled], task: Task) -> None:
        """Fit to the samples; without strokes, learn from the masks which region is what."""
        settings, began = self._settings, time.perf_counter()
        self._state = settings.fit(samples, Part(task, 0, 2))
        if settings.seeds == "none":
            regions = settings.regions(self._state)
            counts = np.zeros((regions, len(self._ids)), np.int64)
            for done, one in enumerate(learned):
                part = Part(Part(task, 1, 2), done, len(learned))
                for box, ids in segment(settings, self._state, one.picture, part):
                    counts += assignment.overlap(ids, one.mask.read(box), regions, self._ids)
            self._classes = assignment.learn(counts, self._ids, one_to_one(counts, self._ids))
        self._learning = time.perf_counter() - began

    def judge(self, judged: _Labelled, fresh: Samples | None, task: Task) -> None:
        """Measure on a picture; with ``fresh`` samples, fit to them first."""
        picture, confusion = judged.picture, Confusion(self._ids)
        picture.read(Box(0, 0, 1, 1))  # decoding it is no part of the method
        try:
            for box, ids in self._pieces(picture, fresh, task):
                confusion.add(judged.mask.read(box), assignment.apply(ids, self._classes))
        except UserError as error:
            self._refused, self._reason = self._refused + 1, error.message
            confusion = Confusion(self._ids)
            for box in judged.mask.box.tiles(BLOCK):
                confusion.add(judged.mask.read(box), np.full(box.shape, UNLABELLED, np.uint8))
        self._area += picture.height * picture.width
        self._confusion += confusion

    def _pieces(
        self, picture: Picture, fresh: Samples | None, task: Task
    ) -> Iterator[tuple[Box, Ids]]:
        """Yield what the method says, and keep the time that it takes for that alone."""
        began = time.perf_counter()
        try:
            if fresh is not None:
                self._state = self._settings.fit(fresh, Part(task, 0, 2))
            for piece in segment(self._settings, self._state, picture, Part(task, 1, 2)):
                self._seconds += time.perf_counter() - began
                yield piece
                began = time.perf_counter()
        finally:
            self._seconds += time.perf_counter() - began

    def row(self, name: str) -> Row:
        return Row(
            name, self._settings, self._confusion, self._learning,
            self._seconds / max(self._area / 1e6, 1e-9), self._refused, self._reason,
        )  # fmt: skip


def one_to_one(counts: assignment.Overlap, ids: tuple[int, ...]) -> dict[int, int]:
    """Return the class of the cluster that fits it best, each of both taken once (Hungarian).

    The sum of the IoUs is the largest there is; clusters left over are not named.
    """
    from scipy.optimize import linear_sum_assignment

    union = counts.sum(1)[:, None] + counts.sum(0)[None] - counts
    rows, columns = linear_sum_assignment(counts / np.maximum(union, 1), maximize=True)
    pairs = zip(rows.tolist(), columns.tolist(), strict=True)
    return {cluster: ids[column] for cluster, column in pairs if counts[cluster, column]}


def best_first(rows: Sequence[Row]) -> list[Row]:
    """Return rows by their mIoU; those that could not be measured last."""
    return sorted(rows, key=lambda row: -1.0 if row.miou is None else row.miou, reverse=True)


def _apart(project: Project, split: Split) -> tuple[list[ImageRecord], list[ImageRecord]]:
    """Return what is learned from and measured on; without val, every fifth is held back."""
    labelled = project.labelled()
    if split == Split.VAL and not any(image.split == Split.VAL for image in labelled):
        rest = [image for image in labelled if image.split in (Split.TRAIN, Split.POOL)]
        if len(rest) >= FEWEST:
            back = held_back(rest)
            return [i for i in rest if i.id not in back], [i for i in rest if i.id in back]
    return apart(project, split)


def _some(images: Sequence[ImageRecord], number: int | None, seed: int) -> list[ImageRecord]:
    """Return at most so many of the pictures, at random, in their order."""
    if number is None or len(images) <= number:
        return list(images)
    chosen = np.random.default_rng(seed).permutation(len(images))[:number]
    return [images[place] for place in sorted(chosen)]
