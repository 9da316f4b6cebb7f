"""Strategies that order regions by one number of theirs."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.regions import RegionTable
from segstudio.domain.task import Task
from segstudio.workflows.strategies.candidates import Candidates, Regional
from segstudio.workflows.strategies.choosing import by_score
from segstudio.workflows.strategies.strategy import MOST, Pool, Suggestion


@dataclass(frozen=True)
class ByNumber(Regional, ABC):
    """Takes the regions with the highest number first, however many a picture gives."""

    needs_model: ClassVar[bool] = True

    @abstractmethod
    def number(self, table: RegionTable) -> NDArray[np.float32]:
        """Return what each region is ordered by, 0…1."""

    def suggest(self, pool: Pool, task: Task, budget: int | None = None) -> list[Suggestion]:
        found = Candidates.of(pool, pool.regions(task, self.side))
        scores = self.number(found.table)
        chosen = found.batch().fill(by_score(scores), MOST if budget is None else budget)
        return [found.suggestion(place, scores[place], found.unsure(place)) for place in chosen]
