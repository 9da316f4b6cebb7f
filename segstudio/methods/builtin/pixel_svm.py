"""A linear support vector machine that learns from strokes."""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.task import Task
from segstudio.methods.described import Features
from segstudio.methods.features.graph import Graph
from segstudio.methods.linear import Linear, learn_linear, softmax, squared_hinge, written_softmax
from segstudio.methods.pixels import PixelClassifier
from segstudio.methods.segmenter import segmenters

ROUNDS = 200

SHARPNESS = np.float32(2.0)
"""What distances from the borders are multiplied by, to be taken for logits: they are not."""


@segmenters.add
@dataclass(frozen=True)
class PixelSvm(PixelClassifier):
    """Learns from strokes the widest gap between each class and the others (linear SVM).

    Its probabilities are not calibrated: they come from the distances to the gaps.
    """

    title: ClassVar[str] = "Linear SVM"

    penalty: float = field(
        default=0.005,
        metadata={"label": "Penalty", "range": (1e-6, 10), "step": 0.005,
                  "help": "how much large weights cost"},
    )  # fmt: skip

    def learn(
        self, features: Features, places: NDArray[np.intp], task: Task
    ) -> tuple[Linear, NDArray[np.float64]]:
        return learn_linear(features, places, squared_hinge, self.penalty, ROUNDS, task)

    def shares(self, votes: NDArray[np.float32]) -> NDArray[np.float32]:
        return softmax(votes * SHARPNESS)

    def written_shares(self, graph: Graph, votes: str) -> str:
        sharp = graph.node("Mul", votes, graph.constant(SHARPNESS))
        return written_softmax(graph, sharp)

    def favouring(self, votes: Linear, factors: NDArray[np.float64]) -> Linear:
        return Linear(votes.weights, votes.offsets + np.log(factors) / SHARPNESS)
