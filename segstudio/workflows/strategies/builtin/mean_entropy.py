"""Pictures first of which the model is least sure."""

from dataclasses import dataclass
from typing import ClassVar

from segstudio.domain.records import ImageRecord
from segstudio.domain.task import Task
from segstudio.workflows.strategies.strategy import Pool, Suggestion, strategies

SIDE = 768
"""Longer pictures are reduced: their mean entropy changes little, the time much."""


@strategies.add
@dataclass(frozen=True)
class MeanEntropy:
    """Orders whole pictures by the mean entropy of the prediction over all pixels (S1)."""

    title: ClassVar[str] = "Mean entropy"
    needs_model: ClassVar[bool] = True

    def suggest(self, pool: Pool, task: Task, budget: int | None = None) -> list[Suggestion]:
        from segstudio.inference.predict import mean_entropy

        model = pool.model

        def score(image: ImageRecord) -> float:
            tile = pool.reduced(image, SIDE)
            return mean_entropy(model, tile.pixels, tile.valid)

        scores = pool.score_each("mean_entropy", score, task)
        free = {image.id for image in pool.images if len(pool.free(image, 0))}
        order = sorted((id for id in scores if id in free), key=lambda id: -scores[id])
        return [
            Suggestion(id, scores[id], reason=f"the model is {_unsure(scores[id])}")
            for id in order[:budget]
        ]


def _unsure(entropy: float) -> str:
    if entropy < 0.15:
        return "sure of most of it"
    return "unsure of parts of it" if entropy < 0.4 else "unsure of most of it"
