"""Logistic regression that learns from strokes."""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.task import Task
from segstudio.methods.described import Features
from segstudio.methods.features.graph import Graph
from segstudio.methods.linear import Linear, learn_linear, logistic, softmax, written_softmax
from segstudio.methods.pixels import PixelClassifier
from segstudio.methods.segmenter import segmenters

ROUNDS = 200


@segmenters.add
@dataclass(frozen=True)
class PixelLogistic(PixelClassifier):
    """Learns from strokes one weight for each feature and class (logistic regression).

    Simple and smooth: it errs less than a forest on pixels unlike all those painted.
    """

    title: ClassVar[str] = "Logistic regression"

    penalty: float = field(
        default=0.005,
        metadata={"label": "Penalty", "range": (1e-6, 10), "step": 0.005,
                  "help": "how much large weights cost"},
    )  # fmt: skip

    def learn(
        self, features: Features, places: NDArray[np.intp], task: Task
    ) -> tuple[Linear, NDArray[np.float64]]:
        return learn_linear(features, places, logistic, self.penalty, ROUNDS, task)

    def shares(self, votes: NDArray[np.float32]) -> NDArray[np.float32]:
        return softmax(votes)

    def written_shares(self, graph: Graph, votes: str) -> str:
        return written_softmax(graph, votes)

    def favouring(self, votes: Linear, factors: NDArray[np.float64]) -> Linear:
        return Linear(votes.weights, votes.offsets + np.log(factors))
