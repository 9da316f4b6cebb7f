"""The recommended order: doubt spread over classes and pictures, with noise, and some by lot."""

import math
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from segstudio.domain.task import Task
from segstudio.workflows.strategies.candidates import Candidates, Regional
from segstudio.workflows.strategies.choosing import (
    Recipe,
    mixed,
    sharpness,
    woven,
)
from segstudio.workflows.strategies.grouping import standard, typical
from segstudio.workflows.strategies.strategy import MOST, Pool, Suggestion, strategies

FIRST = 16
"""Regions that are chosen for their look before there is a model."""


@strategies.add
@dataclass(frozen=True)
class Recommended(Regional):
    """After ClaSP PE (arXiv 2601.13677), nnActive (2511.19183) and region methods (CVPR 2021).

    Most of a batch is spread over the classes, those with the fewest labels first: regions by
    mean entropy × share of the pixels that the model gives to the class. (As published, by the
    mean of entropy × probability of the class: that suspects a little of a rare class wherever
    the model is lost.) The rest goes by plain entropy, and a part by lot. Noise, which fades a
    little from round to round, keeps near-duplicates apart; a picture gives few regions. Without
    a model it chooses what is typical by colour and texture.
    """

    title: ClassVar[str] = "Recommended"
    needs_model: ClassVar[bool] = False

    most: int = field(
        default=2,
        metadata={"label": "Regions a picture", "range": (0, 1000), "help": "0: any number"},
    )
    lot: float = field(
        default=0.15,
        metadata={
            "label": "Share by lot",
            "range": (0, 1),
            "step": 0.05,
            "help": "They tell how good the model is on all pictures",
        },
    )
    classes: float = field(
        default=0.67,
        metadata={
            "label": "Share over classes",
            "range": (0, 1),
            "step": 0.05,
            "help": "Of the others; the rest is where the model is least sure",
        },
    )
    presence: bool = field(
        default=True,
        metadata={
            "label": "Where a class shows",
            "help": "Only regions where the model sees a class, not such that may show it",
            "more": True,
        },
    )
    noise: bool = field(default=True, metadata={"label": "Noise", "more": True})
    sharpest: float = field(
        default=4.0,
        metadata={
            "label": "Sharpness in the end",
            "range": (1, 1000),
            "help": "With noise a region's chance is its score to this power; at first to the "
            "power of 1",
            "more": True,
        },
    )
    rounds: int = field(
        default=5,
        metadata={
            "label": "Rounds until then",
            "range": (1, 1000),
            "help": "Trainings after which noise has faded as far as it does",
            "more": True,
        },
    )

    def suggest(self, pool: Pool, task: Task, budget: int | None = None) -> list[Suggestion]:
        random = np.random.default_rng([pool.seed, pool.round])
        if pool.models == 0:
            return self._by_look(pool, task, budget, random)
        found = Candidates.of(pool, pool.regions(task, self.side))
        table = found.table
        beta = sharpness(pool.round, self.rounds, self.sharpest) if self.noise else math.inf
        mix = mixed(
            found.owner, table.boxes, found.shown if self.presence else found.doubt, table.entropy,
            found.labelled, MOST if budget is None else budget,
            Recipe(self.lot, self.classes, beta, self.most), random,
        )  # fmt: skip
        for_class = {place: found.ids[number] for place, number in mix.spread}
        lot = set(mix.lot)
        return [
            found.suggestion(
                place, table.entropy[place], self._reason(found, place, for_class, lot),
                for_class.get(place), place in lot,
            )
            for place in mix.order
        ]  # fmt: skip

    def _reason(
        self, found: Candidates, place: int, for_class: dict[int, int], lot: set[int]
    ) -> str:
        if place in lot:
            return "drawn by lot"
        unsure = found.unsure(place)
        return f"{found.seen(for_class[place])}; {unsure}" if place in for_class else unsure

    def _by_look(
        self, pool: Pool, task: Task, budget: int | None, random: np.random.Generator
    ) -> list[Suggestion]:
        """Choose regions near the centres of clusters of colour and texture, others by lot."""
        found = Candidates.of(pool, pool.looks(task, self.side))
        pool.say("without a model, what is typical by colour and texture comes first")
        count = FIRST if budget is None else budget
        batch = found.batch(most=1)
        near = typical(standard(found.table.look), batch, min(count, FIRST), random)
        batch.most = 0
        lot = batch.fill(random.permutation(len(found)), count - len(near))
        shares = dict(near)
        return [
            found.suggestion(
                place, shares.get(place, 0.0),
                f"typical of {100 * shares[place]:.0f} % of what the pictures show"
                if place in shares
                else "drawn by lot",
                by_lot=place not in shares,
            )
            for place in woven([place for place, _ in near], lot)
        ]  # fmt: skip
