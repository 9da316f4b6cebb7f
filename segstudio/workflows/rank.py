"""Ordering pictures by how much labelling them would help, and remembering the order."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from segstudio.domain.records import ImageRecord, QueueItem, Split, State
from segstudio.domain.task import Cancelled, Task
from segstudio.domain.tiling import Tile
from segstudio.errors import Failure, UserError
from segstudio.inference.model import Model
from segstudio.store.overviews import kept
from segstudio.store.pictures import preview
from segstudio.store.project import Project
from segstudio.workflows.items import Batch, Item, check_unchanged, each, items_of
from segstudio.workflows.models import Found, in_use
from segstudio.workflows.strategies.strategy import Strategy, Suggestion, strategies

SAVE_EVERY = 10.0
"""Seconds between two savings of scores, so that little is lost when it is interrupted."""


@dataclass
class Ranking:
    """The queue that was made: the most useful first."""

    strategy: str
    items: list[QueueItem] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    seconds: float = 0.0


def rank(
    project: Project,
    task: Task,
    strategy: Strategy | None = None,
    model: Found | None = None,
    budget: int | None = None,
    threads: int | None = None,
) -> Ranking:
    """Order the pictures that nobody has labelled, and save that as the project's queue.

    Without a model, the one in use; ``budget`` keeps only so many. Scores are remembered for
    each model, so that ranking again is quick.
    """
    strategy = strategy or strategies["mean_entropy"]()
    name = strategies.name_of(strategy)
    began = time.monotonic()
    images = candidates(project.images())
    if not images:
        raise UserError("there is no picture left to label", "add more pictures")
    pool = ProjectPool(project, images, model, threads)
    suggestions = strategy.suggest(pool, task)
    items = [
        QueueItem(s.image, s.score, name, s.box, s.reason)
        for s in ordered(suggestions, images)[:budget]
    ]
    project.set_queue(items).result()
    return Ranking(name, items, pool.failed, time.monotonic() - began)


def candidates(images: Sequence[ImageRecord]) -> list[ImageRecord]:
    """Return the pictures that may be suggested: those not labelled yet, and not for measuring."""
    return [
        image
        for image in images
        if image.state in (State.UNLABELLED, State.PROPOSED)
        and image.split in (Split.POOL, Split.TRAIN)
    ]


def ordered(suggestions: Sequence[Suggestion], images: Sequence[ImageRecord]) -> list[Suggestion]:
    """Sort by score, highest first, then by the pictures' order; what is no number is left out."""
    place = {image.id: number for number, image in enumerate(images)}
    known = [s for s in suggestions if math.isfinite(s.score) and s.image in place]
    return sorted(known, key=lambda s: (-s.score, place[s.image]))


class ProjectPool:
    """The pictures of a project that may be suggested; see `Pool`."""

    def __init__(
        self,
        project: Project,
        images: Sequence[ImageRecord],
        model: Found | None = None,
        threads: int | None = None,
    ) -> None:
        self.images = images
        self.failed: list[Failure] = []
        self._project, self._given, self._threads = project, model, threads

    @cached_property
    def _found(self) -> Found:
        return self._given or in_use(self._project)

    @cached_property
    def model(self) -> Model:
        return self._found.open(self._threads)

    def reduced(self, image: ImageRecord, side: int) -> Tile:
        path = self._project.path_of(image)
        check_unchanged(path, image)
        return preview(path, side, kept(self._project.root, image.hash))

    def score_each(
        self, name: str, score: Callable[[ImageRecord], float], task: Task
    ) -> dict[int, float]:
        key = self._found.key
        held = self._project.scores(key, name)
        known = {i.id: held[i.id] for i in self.images if i.id in held}
        fresh: dict[int, float] = {}
        saver = _Saver(self._project, key, name)

        def do(item: Item, part: Task) -> None:
            assert item.image is not None
            value = score(item.image)
            if not math.isfinite(value):
                raise UserError("the model gives no number for it")
            fresh[item.image.id] = value
            saver.take(item.image.id, value)

        missing = [image for image in self.images if image.id not in known]
        batch: Batch = each(items_of(self._project, missing), do, task, "Looking for doubt")
        saver.flush()
        self.failed += batch.failed
        if batch.interrupted:
            raise Cancelled
        return known | fresh


class _Saver:
    """Saves scores every few seconds."""

    def __init__(self, project: Project, key: str, name: str) -> None:
        self._project, self._key, self._name = project, key, name
        self._scores: dict[int, float] = {}
        self._last = time.monotonic()

    def take(self, image: int, score: float) -> None:
        self._scores[image] = score
        if time.monotonic() - self._last > SAVE_EVERY:
            self.flush()

    def flush(self) -> None:
        if self._scores:
            self._project.set_scores(self._key, self._name, self._scores).result()
        self._scores, self._last = {}, time.monotonic()
