"""Regions by lot: what every other order must beat."""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from segstudio.domain.geometry import Box
from segstudio.domain.task import Task
from segstudio.workflows.strategies.candidates import Regional, regions_without_looking
from segstudio.workflows.strategies.choosing import by_score
from segstudio.workflows.strategies.strategy import MOST, Pool, Suggestion, strategies


@strategies.add
@dataclass(frozen=True)
class Random(Regional):
    """Orders by lot; no picture is looked at, and none needs to be."""

    title: ClassVar[str] = "By lot"
    needs_model: ClassVar[bool] = False

    seed: int = field(default=0, metadata={"label": "Random seed", "range": (0, 9999)})

    def suggest(self, pool: Pool, task: Task, budget: int | None = None) -> list[Suggestion]:
        owner, boxes = regions_without_looking(pool, self.side)
        wholes = {image.id: image.box for image in pool.images}
        numbers = np.random.default_rng([self.seed, pool.seed, pool.round]).random(len(owner))
        found = []
        for place in by_score(numbers)[: MOST if budget is None else budget]:
            image, box = int(owner[place]), Box(*(int(side) for side in boxes[place]))
            part = None if box == wholes[image] else box
            found.append(
                Suggestion(image, float(numbers[place]), part, "drawn by lot", by_lot=True)
            )
        return found
