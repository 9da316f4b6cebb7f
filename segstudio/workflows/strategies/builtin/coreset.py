"""Regions first that are least like all that is labelled or chosen already."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.regions import RegionTable
from segstudio.domain.task import Task
from segstudio.workflows.strategies.candidates import Candidates, Regional
from segstudio.workflows.strategies.grouping import k_centres, standard
from segstudio.workflows.strategies.strategy import MOST, Pool, Suggestion, strategies

WIDEST = 256
"""Features by which regions are compared."""

INSTEAD = (
    "the model does not give the features of its encoder: "
    "what it predicts, colour and texture are compared instead"
)


@strategies.add
@dataclass(frozen=True)
class CoreSet(Regional):
    """Greedy k-centre (Sener & Savarese 2018) on the encoder's features, pooled over regions.

    Where the model gives none, on the mean prediction, colour and texture.
    """

    title: ClassVar[str] = "Least like the labelled"
    needs_model: ClassVar[bool] = True

    def suggest(self, pool: Pool, task: Task, budget: int | None = None) -> list[Suggestion]:
        found = Candidates.of(pool, pool.regions(task, self.side, features=True))
        if not len(found):
            return []
        known = RegionTable.joined(list(pool.labelled(task, self.side, True).values()))
        if not found.table.features.shape[1]:
            pool.say(INSTEAD)
        features = comparable([_features(t) for t in (found.table, known) if len(t)])
        count = MOST if budget is None else budget
        pairs = k_centres(
            features[: len(found)], found.batch(), count, features[len(found) :], task
        )
        # Distances have no end; scores are shown as shares of 1.
        return [
            found.suggestion(place, far / (1 + far), "unlike all that is labelled or chosen")
            for place, far in pairs
        ]


def comparable(parts: Sequence[NDArray[np.float32]]) -> NDArray[np.float64]:
    """Return the features of all regions, of equal weight, at most `WIDEST` of each.

    More are mixed by lot, always the same: that keeps distances to some per cent (Johnson &
    Lindenstrauss 1984), where those of 2048 features take minutes and gigabytes.
    """
    width = parts[0].shape[1]
    if width <= WIDEST:
        return standard(np.concatenate(parts))
    random = np.random.default_rng(0)
    mixed = np.zeros((sum(map(len, parts)), WIDEST))
    for start in range(0, width, WIDEST):
        some = standard(np.concatenate([part[:, start : start + WIDEST] for part in parts]))
        mixed += some @ random.normal(0, WIDEST**-0.5, (some.shape[1], WIDEST))
    return mixed


def _features(table: RegionTable) -> NDArray[np.float32]:
    if table.features.shape[1]:
        return table.features
    return np.concatenate([table.share, table.look], 1)
