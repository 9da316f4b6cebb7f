"""Choosing what to label next, and remembering it as the project's queue."""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from segstudio.domain.records import ImageRecord, QueueItem
from segstudio.domain.task import Task
from segstudio.errors import Failure, UserError
from segstudio.store.project import Project
from segstudio.workflows.by_lot import keep_labelled
from segstudio.workflows.models import IN_USE, Found
from segstudio.workflows.pool import ProjectPool, candidates, some_of
from segstudio.workflows.queue import has_score
from segstudio.workflows.scoring import LONGEST
from segstudio.workflows.strategies.strategy import Strategy, Suggestion, strategies

DEFAULT = "recommended"
"""The strategy that is used where nobody names one."""

POOL = 2000
"""Pictures that are looked at; of more, so many are drawn by lot."""


class NothingLeft(UserError):
    """All that may be asked for is labelled or refused."""


@dataclass
class Ranking:
    """The queue that was made: what to label first is first.

    ``notes`` say in whole sentences what was done instead of what was asked for.
    """

    strategy: str
    items: list[QueueItem] = field(default_factory=list)
    failed: list[Failure] = field(default_factory=list)
    seconds: float = 0.0
    notes: list[str] = field(default_factory=list)


def rank(
    project: Project,
    task: Task,
    strategy: Strategy | None = None,
    model: Found | None = None,
    budget: int | None = None,
    threads: int | None = None,
    pool: int = POOL,
    longest: int = LONGEST,
) -> Ranking:
    """Choose what to label next, and save that as the project's queue.

    Without a model, the one in use; where there is none, or it knows none of the classes, what
    is typical of the pictures is chosen by its look. ``budget`` is the number of items, ``pool``
    how many pictures are looked at at most, ``longest`` the side to which they are reduced for
    that. What a model says of a picture is remembered, so that the next time is quick. Where no
    picture can be looked at, the queue stays as it is. Raises `UserError` where there is nothing
    left to label.
    """
    strategy = strategy or strategies[DEFAULT]()
    began = time.monotonic()
    left = candidates(project.images())
    if not left:
        raise NothingLeft("there is no picture left to label", "add more pictures")
    # Where more are there than are looked at, others have their turn after each training.
    rounds = sum(run.status == "done" for run in project.runs())
    seen = ProjectPool(project, some_of(left, pool, rounds), model, threads, longest)
    if len(left) > pool:
        seen.say(f"{pool} of {len(left)} pictures were looked at, drawn by lot")
    if strategy.needs_model and not seen.models:
        strategy = strategies[DEFAULT]()
    name = strategies.name_of(strategy)
    suggestions = usable(strategy.suggest(seen, task, budget), left)
    items = [
        QueueItem(s.image, s.score, name, s.box, s.reason, s.predicted, s.by_lot)
        for s in suggestions[:budget]
    ]
    # What was drawn without looking teaches no more than chance: it comes last.
    items.sort(key=lambda item: not has_score(item))
    if not items and not seen.failed:
        raise NothingLeft("there is nothing left to label", "add more pictures")
    if items:  # where no picture could be looked at, the former queue is better than none
        keep_labelled(project)
        project.set_queue(items).result()
    notes = [*seen.notes]
    if name == DEFAULT and not seen.models:
        notes.insert(0, seen.why_none if project.fact(IN_USE) else "there is no model yet")
    if len(project.classes()) < 2:
        notes.append("one class alone cannot be learned: add another before you train")
    return Ranking(name, items, seen.failed, time.monotonic() - began, notes)


def usable(suggestions: Sequence[Suggestion], images: Sequence[ImageRecord]) -> list[Suggestion]:
    """Return the suggestions whose score is a number and whose picture is there, in their order."""
    known = {image.id for image in images}
    return [s for s in suggestions if math.isfinite(s.score) and s.image in known]
