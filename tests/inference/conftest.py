"""Models made by hand, so that what they must answer is known."""

import json

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from segstudio.domain.card import Card, CardClass, InputSpec

CLASSES = (
    CardClass(3, "dark", (0, 0, 0)),
    CardClass(8, "edge", (0, 0, 0)),
    CardClass(5, "bright", (9, 9, 9)),
)


@pytest.fixture
def write_onnx(tmp_path):
    """Write a model of three 7×7 convolutions in a row: it sees 9 pixels around each."""

    def write(name="model.onnx", bands=1, shape=("height", "width"), metadata=None):
        rng = np.random.default_rng(0)
        nodes, weights, given = [], [], "image"
        for layer, (inputs, outputs) in enumerate(((bands, 4), (4, 4), (4, 3))):
            kernel = rng.normal(0, 0.3, (outputs, inputs, 7, 7)).astype(np.float32)
            weights.append(numpy_helper.from_array(kernel, f"w{layer}"))
            result = "logits" if layer == 2 else f"x{layer}"
            nodes.append(
                helper.make_node("Conv", [given, f"w{layer}"], [result], pads=[3, 3, 3, 3])
            )
            given = result
        graph = helper.make_graph(
            nodes,
            "g",
            [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["n", bands, *shape])],
            [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", 3, *shape])],
            weights,
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        helper.set_model_props(model, {k: json.dumps(v) for k, v in (metadata or {}).items()})
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        onnx.save(model, file)
        return file

    return write


@pytest.fixture
def write_graph(tmp_path):
    """Write a network of a few steps.

    ``takes`` and each of ``gives`` (by name) are shapes; ``steps`` are (operator, inputs,
    output, attributes), ``weights`` arrays by name.
    """

    def write(name, takes, gives, steps, weights=None, metadata=None, kinds=("FLOAT", "FLOAT")):
        kind_in, kind_out = (getattr(TensorProto, kind) for kind in kinds)
        graph = helper.make_graph(
            [helper.make_node(op, inputs, [out], **more) for op, inputs, out, more in steps],
            "g",
            [helper.make_tensor_value_info("x", kind_in, takes)],
            [helper.make_tensor_value_info(n, kind_out, shape) for n, shape in gives.items()],
            [numpy_helper.from_array(np.asarray(w), n) for n, w in (weights or {}).items()],
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        helper.set_model_props(model, {k: json.dumps(v) for k, v in (metadata or {}).items()})
        file = tmp_path / f"{name}.onnx"
        onnx.save(model, file)
        return file

    return write


@pytest.fixture
def bundle(write_onnx):
    """Write a bundle folder around that model; return its path."""

    def write(tile=64, halo=16, bands=1, stride=1):
        spec = InputSpec(bands, 1 / 255, (0.5,) * bands, (0.25,) * bands)
        card = Card(CLASSES, "by_hand", {}, spec, stride=stride, tile=tile, halo=halo)
        file = write_onnx(f"bundle-{tile}-{halo}/model.onnx", bands)
        (file.parent / "card.json").write_text(json.dumps(card.to_json()))
        return file.parent

    return write
