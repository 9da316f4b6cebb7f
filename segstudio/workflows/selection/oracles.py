"""Orders that only a study can make, as they look into the references: what could be gained?"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.geometry import Box
from segstudio.domain.regions import Boxes
from segstudio.domain.task import Task
from segstudio.workflows.selection.simulated_pool import SimulatedPool
from segstudio.workflows.strategies.candidates import Regional, regions_without_looking
from segstudio.workflows.strategies.choosing import Batch, one_class_each
from segstudio.workflows.strategies.strategy import MOST, Pool, Suggestion

Shares = NDArray[np.float64]
"""Regions × what is drawn alike: the pixels that are so, as a share."""


@dataclass(frozen=True)
class Oracle(Regional, ABC):
    """Draws regions by what no order can know; only of a `SimulatedPool`."""

    title: ClassVar[str]
    needs_model: ClassVar[bool] = True

    @abstractmethod
    def known(
        self, pool: SimulatedPool, owner: NDArray[np.int64], boxes: Boxes, task: Task
    ) -> Shares:
        """Return what regions are drawn by."""

    def suggest(self, pool: Pool, task: Task, budget: int | None = None) -> list[Suggestion]:
        assert isinstance(pool, SimulatedPool)
        owner, boxes = regions_without_looking(pool, self.side)
        random = np.random.default_rng([pool.seed, pool.round])
        count = min(len(owner), MOST if budget is None else budget)
        shares = self.known(pool, owner, boxes, task)
        return [
            Suggestion(int(owner[place]), 0.0, Box(*map(int, boxes[place])), self.title)
            for place, _ in one_class_each(Batch(owner, boxes), shares, count, random)
        ]


@dataclass(frozen=True)
class TrueClasses(Oracle):
    """As `ClassRandom`, with the classes that there are instead of those predicted."""

    title: ClassVar[str] = "By lot, true classes alike"

    def known(
        self, pool: SimulatedPool, owner: NDArray[np.int64], boxes: Boxes, task: Task
    ) -> Shares:
        return pool.truth(owner, boxes)


@dataclass(frozen=True)
class TrueErrors(Oracle):
    """By lot, likelier where more pixels are predicted wrongly."""

    title: ClassVar[str] = "By lot, by true errors"

    def known(
        self, pool: SimulatedPool, owner: NDArray[np.int64], boxes: Boxes, task: Task
    ) -> Shares:
        return pool.wrong(owner, boxes, task)[:, None]
