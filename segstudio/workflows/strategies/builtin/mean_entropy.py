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
    """Orders by the mean entropy of the prediction over all pixels (S1)."""

    title: ClassVar[str] = "Mean entropy"
    needs_model: ClassVar[bool] = True

    def suggest(self, pool: Pool, task: Task) -> list[Suggestion]:
        from segstudio.inference.predict import mean_entropy

        model = pool.model

        def score(image: ImageRecord) -> float:
            tile = pool.reduced(image, SIDE)
            return mean_entropy(model, tile.pixels, tile.valid)

        scores = pool.score_each("mean_entropy", score, task)
        return [
            Suggestion(image, value, reason=f"the model is {_unsure(value)}")
            for image, value in scores.items()
        ]


def _unsure(entropy: float) -> str:
    if entropy < 0.15:
        return "sure of most of it"
    return "unsure of parts of it" if entropy < 0.4 else "unsure of most of it"
