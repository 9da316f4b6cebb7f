"""Linear classifiers on standardised features: how they are learned, and what they say.

Sources: D. Böhning, Multinomial logistic regression, 1992; R.-E. Fan et al., LIBLINEAR (the
squared hinge loss of support vector machines), 2008; J. Nocedal, L-BFGS, 1980.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.task import Task
from segstudio.methods.features.graph import Graph

Numbers = NDArray[np.float64]

Loss = Callable[[Numbers, NDArray[np.intp], Numbers], tuple[float, Numbers]]
"""From scores (pixels × classes), classes and weights of pixels (together 1): the loss, and its
slope for each score."""

FLOAT, DOUBLE = 1, 11
"""Types of numbers, as ONNX counts them."""


@dataclass(frozen=True, eq=False)
class Linear:
    """Scores of classes: features × classes weights, and what is added to them."""

    weights: Numbers
    offsets: Numbers

    def __call__(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        # In double precision, so that no order of adding shows in what comes out.
        return np.asarray(features.astype(np.float64) @ self.weights + self.offsets, np.float32)

    def written(self, graph: Graph, features: str) -> str:
        """Write the same into a graph; return the name of the scores."""
        double = graph.node("Cast", features, to=DOUBLE)
        scores = graph.node("MatMul", double, graph.constant(self.weights, np.float64))
        scores = graph.node("Add", scores, graph.constant(self.offsets, np.float64))
        return graph.node("Cast", scores, to=FLOAT)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return all that was learned, by name."""
        return {"weights": self.weights, "offsets": self.offsets}


def learn_linear(
    features: NDArray[np.float32],
    places: NDArray[np.intp],
    loss: Loss,
    penalty: float,
    rounds: int,
    task: Task,
) -> tuple[Linear, Numbers]:
    """Learn which class (0, 1, 2 …) pixels have; every class weighs the same.

    Minimises the mean loss + ``penalty`` / 2 · |weights|². Reports in every round. Returns also
    how much each feature counts.
    """
    from scipy.optimize import minimize

    middle, width = features.mean(0, np.float64), features.std(0, dtype=np.float64)
    width = np.where(width > 1e-9, width, 1.0)
    points = np.column_stack([(features - middle) / width, np.ones(len(features))])
    counts = np.bincount(places)
    shares = 1 / (counts[places] * len(counts))
    shape = (points.shape[1], len(counts))
    done = 0

    def slope(flat: Numbers) -> tuple[float, Numbers]:
        nonlocal done
        task.report(min(done, rounds), rounds, "Learning what the classes look like")
        done += 1
        weights = flat.reshape(shape)
        value, by_score = loss(points @ weights, places, shares)
        held = weights.copy()
        held[-1] = 0  # what is added is not held small
        change = points.T @ by_score + penalty * held
        return value + penalty / 2 * float((held**2).sum()), change.ravel()

    found = minimize(
        slope, np.zeros(shape).ravel(), jac=True, method="L-BFGS-B", options={"maxiter": rounds}
    )
    standard = found.x.reshape(shape)
    weights = standard[:-1] / width[:, None]
    return Linear(weights, standard[-1] - middle @ weights), np.abs(standard[:-1]).sum(1)


def logistic(scores: Numbers, places: NDArray[np.intp], shares: Numbers) -> tuple[float, Numbers]:
    """Cross-entropy of the softmax."""
    below = scores - scores.max(1, keepdims=True)
    logs = below - np.log(np.exp(below).sum(1, keepdims=True))
    rows = np.arange(len(places))
    change = np.exp(logs)
    change[rows, places] -= 1
    return float(-(logs[rows, places] * shares).sum()), change * shares[:, None]


def squared_hinge(
    scores: Numbers, places: NDArray[np.intp], shares: Numbers
) -> tuple[float, Numbers]:
    """Each class against all others; as much weight on it as on them."""
    signs = np.full(scores.shape, -1.0)
    signs[np.arange(len(places)), places] = 1
    others = scores.shape[1] - 1
    weights = np.where(signs > 0, 1.0, 1 / others) * shares[:, None]
    short = np.maximum(1 - signs * scores, 0)
    return float((weights * short**2).sum()), -2 * weights * signs * short


STEPS = 64
"""Steps in which a difference of 1 of scores is counted."""

POWERS = np.rint(4096 * np.exp(-np.arange(9 * STEPS) / STEPS)).astype(np.float32)
"""Powers of e in whole numbers: unlike `exp` they are the same wherever they are looked up."""


def softmax(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return pixels × classes probabilities, as exact as `POWERS` are."""
    behind = np.rint((scores.max(1, keepdims=True) - scores) * np.float32(STEPS))
    powers = POWERS[np.minimum(behind, len(POWERS) - 1).astype(np.intp)]
    return np.asarray(powers / powers.sum(1, keepdims=True), np.float32)


def written_softmax(graph: Graph, scores: str) -> str:
    """Write the same into a graph; return the name of the probabilities."""
    behind = graph.node("Sub", graph.node("ReduceMax", scores, axes=[1], keepdims=1), scores)
    behind = graph.node("Round", graph.node("Mul", behind, graph.constant(STEPS)))
    behind = graph.node("Min", behind, graph.constant(len(POWERS) - 1))
    powers = graph.node("Gather", graph.constant(POWERS), graph.node("Cast", behind, to=7), axis=0)
    return graph.node("Div", powers, graph.node("ReduceSum", powers, graph.constant([1], np.int64)))
