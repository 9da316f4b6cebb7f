"""Regions by lot, but each predicted class has the same chance: what others are judged by."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from segstudio.domain.task import Task
from segstudio.workflows.strategies.candidates import Candidates, Regional
from segstudio.workflows.strategies.choosing import one_class_each
from segstudio.workflows.strategies.strategy import MOST, Pool, Suggestion, strategies


@strategies.add
@dataclass(frozen=True)
class ClassRandom(Regional):
    """Draws a predicted class uniformly, then a region by how much of that class it shows."""

    title: ClassVar[str] = "By lot, classes alike"
    needs_model: ClassVar[bool] = True

    def suggest(self, pool: Pool, task: Task, budget: int | None = None) -> list[Suggestion]:
        found = Candidates.of(pool, pool.regions(task, self.side))
        random = np.random.default_rng([pool.seed, pool.round])
        areas = found.table.area[:, found.columns]
        count = min(len(found), MOST if budget is None else budget)
        pairs = one_class_each(found.batch(), areas, count, random)
        return [
            found.suggestion(
                place, areas[place, column], self._reason(found, column), found.ids[column]
            )
            for place, column in pairs
        ]

    def _reason(self, found: Candidates, column: int) -> str:
        label = found.ids[column]
        return f"drawn by lot for {found.pool.class_names.get(label, label)}"
