"""A pixel classifier as a model like those of networks: from pixels to logits, in ONNX alone.

The graph holds no validity: near pixels without data, which a picture may have, it sees what
stands there.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.geometry import Box
from segstudio.domain.task import Task
from segstudio.domain.tiling import Tile
from segstudio.errors import UserError
from segstudio.methods import smoothing
from segstudio.methods.features.graph import Graph
from segstudio.methods.pixels import Classified, PixelClassifier

LEAST = 1e-6
"""Probabilities below this are taken for this, so that their logarithm is a number."""

TOLERANCE = 1e-3
"""Largest difference of a logit between ONNX Runtime and us that is let through."""


def onnx_model(segmenter: PixelClassifier, state: Classified, ids: Sequence[int]) -> Any:
    """Return an ONNX model: image N × bands × H × W, as numbers of the file; logits N × C × H × W.

    ``ids`` are the classes of its outputs; those that were not learned are never likely.
    Raises `UserError` where a class that was learned is not among them.
    """
    if missing := set(state.classes) - set(ids):
        raise UserError(
            f"strokes were learned of the class with the id {min(missing)}, which is gone",
            "learn again",
        )
    graph = Graph()
    planes = list(segmenter.bank.planes(state.encoding.bands).values())
    features = graph.planes(planes, graph.codes(state.encoding))
    votes = state.votes.written(graph, features)
    shares = segmenter.written_shares(graph, votes)
    shares = graph.pictures(shares, len(state.classes))
    shares = smoothing.written(graph, shares, segmenter.smoothing)
    logits = graph.node("Log", graph.node("Max", shares, graph.constant(LEAST)))
    # One channel more for the classes that were not learned.
    places = [state.classes.index(id) if id in state.classes else -1 for id in ids]
    if -1 in places:
        unlikely = graph.node(
            "ReduceMin", graph.node("Mul", logits, graph.constant(0.0)), axes=[1], keepdims=1
        )
        unlikely = graph.node("Add", unlikely, graph.constant(np.log(LEAST) - 1))
        logits = graph.node("Concat", logits, unlikely, axis=1)
        places = [len(state.classes) if place < 0 else place for place in places]
    logits = graph.node("Gather", logits, graph.constant(places, np.int64), axis=1)
    return graph.model(logits, state.encoding.bands, len(ids))


def largest_difference(
    segmenter: PixelClassifier, state: Classified, model: Any, ids: Sequence[int], task: Task
) -> float:
    """Compare ONNX Runtime with us on noise at two sizes; return the largest difference."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    worst = 0.0
    places = [ids.index(id) for id in state.classes]
    for height, width in ((48, 80), (97, 61)):
        pixels = _noise(state, height, width)
        tile = Tile(pixels, Box(0, 0, height, width))
        expected = np.log(np.maximum(segmenter.probabilities(tile, state, task), LEAST))
        image = pixels.astype(np.float32).transpose(2, 0, 1)[None]
        (found,) = session.run(None, {"image": image})
        worst = max(worst, float(np.abs(found[0, places] - expected).max()))
    return worst


def _noise(state: Classified, height: int, width: int) -> NDArray[Any]:
    """Return coarse and fine noise in the picture's own numbers."""
    import cv2

    rng = np.random.default_rng(0)
    encoding = state.encoding
    shape = (-(-height // 8), -(-width // 8), encoding.bands)
    coarse = cv2.resize(rng.uniform(0, 255, shape), (width, height)).reshape(height, width, -1)
    codes = np.clip(coarse + rng.normal(0, 12, coarse.shape), 0, 255)
    if encoding.low is None:
        return np.asarray(np.rint(codes), np.uint8)
    numbers = encoding.decode(codes.reshape(-1, encoding.bands)).reshape(codes.shape)
    return np.asarray(numbers, np.float32)
