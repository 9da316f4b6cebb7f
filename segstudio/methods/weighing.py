"""What the pixel classifiers have in common that learn one weight for each feature and class."""

from abc import ABC
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.task import Task
from segstudio.methods.described import Features
from segstudio.methods.features.graph import Graph
from segstudio.methods.linear import Linear, Loss, learn_linear, softmax, written_softmax
from segstudio.methods.pixels import PixelClassifier

ROUNDS = 200


@dataclass(frozen=True)
class Weighing(PixelClassifier, ABC):
    """Base of the linear classifiers: they differ in the `loss` that they make small."""

    loss: ClassVar[Loss]

    sharpness: ClassVar[np.float32] = np.float32(1)
    """What scores are multiplied by, to be taken for logits."""

    penalty: float = field(
        default=0.005,
        metadata={"label": "Penalty", "range": (1e-6, 10), "step": 0.005,
                  "help": "how much large weights cost"},
    )  # fmt: skip

    def learn(
        self, features: Features, places: NDArray[np.intp], task: Task
    ) -> tuple[Linear, NDArray[np.float64]]:
        return learn_linear(features, places, type(self).loss, self.penalty, ROUNDS, task)

    def shares(self, votes: NDArray[np.float32]) -> NDArray[np.float32]:
        return softmax(votes * self.sharpness)

    def written_shares(self, graph: Graph, votes: str) -> str:
        return written_softmax(graph, graph.node("Mul", votes, graph.constant(self.sharpness)))

    def favouring(self, votes: Linear, factors: NDArray[np.float64]) -> Linear:
        return Linear(votes.weights, votes.offsets + np.log(factors) / self.sharpness)
