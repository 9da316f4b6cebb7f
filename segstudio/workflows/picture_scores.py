"""Scores of whole pictures, one number each, remembered for a model."""

import math
from collections.abc import Callable, Sequence

from segstudio.domain.records import ImageRecord
from segstudio.domain.task import Cancelled, Task
from segstudio.errors import Failure, UserError
from segstudio.store.project import Project
from segstudio.workflows.items import Item, each, items_of
from segstudio.workflows.saving import Saver


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
    saver: Saver[float] = Saver(lambda scores: project.set_scores(key, name, scores))

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
