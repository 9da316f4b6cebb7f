"""A random forest that learns from strokes."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.task import Task
from segstudio.methods.described import Features
from segstudio.methods.pixels import PixelClassifier
from segstudio.methods.segmenter import segmenters
from segstudio.methods.trees import Trees, votes

GROWN = 32_000
"""Pixels times trees that are grown between two reports."""


@segmenters.add
@dataclass(frozen=True)
class PixelForest(PixelClassifier):
    """Learns from strokes what the pixels of each class look like (extremely randomised trees).

    Sources: L. Breiman, Random forests, 2001; P. Geurts et al., Extremely randomized trees, 2006.
    """

    title: ClassVar[str] = "Random forest"

    trees: int = field(default=32, metadata={"label": "Trees", "range": (1, 500)})
    depth: int = field(default=20, metadata={"label": "Depth", "range": (1, 30)})

    def learn(
        self, features: Features, places: NDArray[np.intp], task: Task
    ) -> tuple[Any, NDArray[np.float64]]:
        from sklearn.ensemble import ExtraTreesClassifier

        forest = ExtraTreesClassifier(
            max_depth=self.depth, max_features="sqrt",
            random_state=self.seed, warm_start=True,
        )  # fmt: skip
        # Classes with few strokes weigh as much as those with many.
        weights = 1 / np.bincount(places)[places]
        together = max(GROWN // len(places), 1)
        for grown in range(0, self.trees, together):
            task.report(grown, self.trees, "Growing a forest")
            forest.set_params(n_estimators=min(grown + together, self.trees))
            forest.fit(features, places, weights)
        grown_trees = [one.tree_ for one in forest.estimators_]
        shares = [votes(tree.value[:, 0]) for tree in grown_trees]
        return Trees.of(grown_trees, shares), np.asarray(forest.feature_importances_)

    def favouring(self, votes: Trees, factors: NDArray[np.float64]) -> Trees:
        return votes.times(factors)
