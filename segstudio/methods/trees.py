"""Many decision trees as arrays, evaluated by ONNX Runtime.

Each leaf holds whole numbers of votes for the classes: their sums are exact in float32, in
whatever order they are added.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segstudio.methods.features.graph import LEARNING_OPSET, OPSET, Graph, node_of

VOTES = 4096
"""Votes that a tree has."""

OP = "TreeEnsembleRegressor"
INNER, LEAF = b"BRANCH_LEQ", b"LEAF"


@dataclass(eq=False)
class Trees:
    """The nodes of all trees one after another; a leaf has no ``left``: -1.

    A pixel goes left where its feature is at most the threshold. ``weights`` is nodes × outputs.
    Sums of weights are multiplied by ``factors``, one an output, and rounded, where there are any.
    """

    starts: NDArray[np.int32]
    features: NDArray[np.int16]
    thresholds: NDArray[np.float32]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    weights: NDArray[np.float32]
    factors: NDArray[np.float32] | None = None

    def __post_init__(self) -> None:
        self._session: Any = None

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"_session": None}

    @classmethod
    def of(cls, trees: Sequence[Any], weights: Sequence[NDArray[Any]]) -> "Trees":
        """Take over scikit-learn's trees, with nodes × outputs weights of each."""
        sizes = [tree.node_count for tree in trees]
        limits = np.concatenate([tree.threshold for tree in trees])
        return cls(
            np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int32),
            np.concatenate([tree.feature for tree in trees]).astype(np.int16),
            _not_above(limits),
            np.concatenate([tree.children_left for tree in trees]).astype(np.int32),
            np.concatenate([tree.children_right for tree in trees]).astype(np.int32),
            np.concatenate(weights).astype(np.float32),
        )

    def times(self, factors: NDArray[Any]) -> "Trees":
        """Return these trees with the sums of each output multiplied by a number."""
        made = replace(self, factors=factors.astype(np.float32))
        made._session = self._session  # to make one takes as long as to learn from some strokes
        return made

    def with_constant(self, weights: NDArray[Any]) -> "Trees":
        """Return these trees and one more that is a single leaf."""
        return Trees(
            np.append(self.starts, len(self.left)).astype(np.int32),
            np.append(self.features, -2).astype(np.int16),
            np.append(self.thresholds, 0).astype(np.float32),
            np.append(self.left, -1).astype(np.int32),
            np.append(self.right, -1).astype(np.int32),
            np.vstack([self.weights, weights]).astype(np.float32),
        )

    @property
    def outputs(self) -> int:
        return int(self.weights.shape[1])

    def __call__(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the sums of weights, pixels × outputs, of pixels × features."""
        if self._session is None:
            self._session = _session(self)
        (sums,) = self._session.run(None, {"features": features})
        if self.factors is not None:
            np.rint(np.multiply(sums, self.factors, out=sums), out=sums)
        return np.asarray(sums, np.float32)

    def written(self, graph: Graph, features: str) -> str:
        """Write the trees into a graph; return the name of the sums."""
        sums = graph.node(OP, features, **self.attributes())
        if self.factors is None:
            return sums
        return graph.node("Round", graph.node("Mul", sums, graph.constant(self.factors)))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return all that was learned, by name."""
        names = ("starts", "features", "thresholds", "left", "right", "weights", "factors")
        found = {name: getattr(self, name) for name in names}
        return {name: np.ascontiguousarray(a) for name, a in found.items() if a is not None}

    def attributes(self) -> dict[str, Any]:
        """Return the attributes of ONNX's TreeEnsembleRegressor."""
        count = len(self.left)
        tree = np.searchsorted(self.starts, np.arange(count), side="right") - 1
        place = np.arange(count) - self.starts[tree]
        leaf = self.left < 0
        given = (self.weights != 0) & leaf[:, None]
        given[:, 0] |= leaf & ~given.any(1)  # each leaf must give something
        leaves, outputs = np.nonzero(given)
        return {
            "domain": "ai.onnx.ml",
            "aggregate_function": "SUM",
            "n_targets": self.outputs,
            "nodes_treeids": tree,
            "nodes_nodeids": place,
            "nodes_featureids": np.where(leaf, 0, self.features),
            "nodes_values": np.where(leaf, 0, self.thresholds).astype(np.float32),
            "nodes_modes": np.where(leaf, LEAF, INNER),
            "nodes_truenodeids": np.where(leaf, 0, self.left),
            "nodes_falsenodeids": np.where(leaf, 0, self.right),
            "target_treeids": tree[leaves],
            "target_nodeids": place[leaves],
            "target_ids": outputs,
            "target_weights": self.weights[given],
        }


def votes(values: NDArray[np.float64]) -> NDArray[np.float32]:
    """Turn nodes × classes shares into whole votes."""
    shares = values / np.maximum(values.sum(1, keepdims=True), 1e-12)
    return np.asarray(np.rint(shares * VOTES), np.float32)


def _not_above(limits: NDArray[np.float64]) -> NDArray[np.float32]:
    """Round down to float32: then the same float32 numbers are at most the limit."""
    near = limits.astype(np.float32)
    return np.where(near > limits, np.nextafter(near, np.float32(-np.inf)), near)


def _session(trees: Trees) -> Any:
    import onnx
    import onnxruntime

    kind, helper = onnx.TensorProto.FLOAT, onnx.helper
    node = node_of(OP, ["features"], "sums", **trees.attributes())
    graph = helper.make_graph(
        [node],
        "trees",
        [helper.make_tensor_value_info("features", kind, [None, None])],
        [helper.make_tensor_value_info("sums", kind, [None, trees.outputs])],
    )
    sets = [helper.make_opsetid("", OPSET), helper.make_opsetid("ai.onnx.ml", LEARNING_OPSET)]
    model = helper.make_model(graph, opset_imports=sets, ir_version=8)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    # A person paints meanwhile: threads that wait must not take the processor.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
