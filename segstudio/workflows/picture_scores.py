"""Scores of whole pictures, one number each, remembered for a model."""

import math
import time
from collections.abc import Callable, Sequence

from segstudio.domain.records import ImageRecord
from segstudio.domain.task import Cancelled, Task
from segstudio.errors import Failure, UserError
from segstudio.store.project import Project
from segstudio.workflows.items import Item, each, items_of

SAVE_EVERY = 10.0
"""Seconds between two savings of scores, so that little is lost when it is interrupted."""


def scores_of(
    project: Project,
    images: Sequence[ImageRecord],
    key: str,
    name: str,
    score: Callable[[ImageRecord], float],
    task: Task,
) -> tuple[dict[int, float], list[Failure]]:
    """Return a score of every picture, and which have none; what was known is not asked again.

    ``key`` is that of the model, ``name`` that of the strategy. Raises `Cancelled`; the scores
    until then are kept.
    """
    held = project.scores(key, name)
    known = {i.id: held[i.id] for i in images if i.id in held}
    fresh: dict[int, float] = {}
    saver = _Saver(project, key, name)

    def do(item: Item, part: Task) -> None:
        assert item.image is not None
        value = score(item.image)
        if not math.isfinite(value):
            raise UserError("the model gives no number for it")
        fresh[item.image.id] = value
        saver.take(item.image.id, value)

    missing = [image for image in images if image.id not in known]
    batch = each(items_of(project, missing), do, task, "Looking for doubt")
    saver.flush()
    if batch.interrupted:
        raise Cancelled
    return known | fresh, batch.failed


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
