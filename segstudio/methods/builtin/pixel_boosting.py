"""Gradient boosting that learns from strokes."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.task import Task
from segstudio.methods.described import Features
from segstudio.methods.features.graph import Graph
from segstudio.methods.linear import softmax, written_softmax
from segstudio.methods.pixels import PixelClassifier
from segstudio.methods.segmenter import segmenters
from segstudio.methods.trees import Trees

UNIT = np.float32(1 / 4096)
"""Scores are multiples of this, so that their sums are exact."""


@segmenters.add
@dataclass(frozen=True)
class PixelBoosting(PixelClassifier):
    """Learns from strokes by small trees, each of which mends what the former left wrong.

    Source: J. Friedman, Stochastic gradient boosting, 2002.
    """

    title: ClassVar[str] = "Gradient boosting"

    rounds: int = field(default=40, metadata={"label": "Rounds", "range": (1, 500)})
    depth: int = field(default=4, metadata={"label": "Depth", "range": (1, 10)})
    rate: float = field(
        default=0.2, metadata={"label": "Learning rate", "range": (0.01, 1), "step": 0.01}
    )

    def learn(
        self, features: Features, places: NDArray[np.intp], task: Task
    ) -> tuple[Trees, NDArray[np.float64]]:
        from sklearn.ensemble import GradientBoostingClassifier

        boosting = GradientBoostingClassifier(
            learning_rate=self.rate, max_depth=self.depth, subsample=0.5, max_features="sqrt",
            init="zero", random_state=self.seed, warm_start=True,
        )  # fmt: skip
        weights = 1 / np.bincount(places)[places]
        for done in range(self.rounds):
            task.report(done, self.rounds, "Boosting")
            boosting.set_params(n_estimators=done + 1)
            boosting.fit(features, places, weights / weights.mean())
        grown, scores = [], []
        for stage in boosting.estimators_:
            for column, one in enumerate(stage):
                grown.append(one.tree_)
                scores.append(self._scores(one.tree_, column, len(stage)))
        return Trees.of(grown, scores), np.asarray(boosting.feature_importances_)

    def _scores(self, tree: Any, column: int, columns: int) -> NDArray[np.float32]:
        """Return nodes × classes scores; two classes share one tree, for the second of them."""
        own = np.rint(tree.value[:, 0, 0] * self.rate / UNIT)
        scores = np.zeros((tree.node_count, max(columns, 2)), np.float32)
        scores[:, column if columns > 1 else 1] = own
        return scores

    def shares(self, votes: NDArray[np.float32]) -> NDArray[np.float32]:
        return softmax(votes * UNIT)

    def written_shares(self, graph: Graph, votes: str) -> str:
        return written_softmax(graph, graph.node("Mul", votes, graph.constant(UNIT)))

    def favouring(self, votes: Trees, factors: NDArray[np.float64]) -> Trees:
        return votes.with_constant(np.rint(np.log(factors) / UNIT))
