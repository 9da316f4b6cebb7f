"""The same planes as an ONNX graph: each operation becomes its node."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segstudio.methods.colours import Encoding
from segstudio.methods.features.plane import UNIT, Plane, order_of

OPSET = 17
LEARNING_OPSET = 3

ELEMENTWISE = {
    "add": "Add",
    "subtract": "Sub",
    "multiply": "Mul",
    "divide": "Div",
    "maximum": "Max",
    "minimum": "Min",
    "round": "Round",
    "root": "Sqrt",
}

END = np.iinfo(np.int64).max


def node_of(op: str, inputs: Sequence[str], output: str, domain: str = "", **values: Any) -> Any:
    """Return a node of one output, which lends it its name.

    Attributes may be arrays of whole numbers, numbers or bytes: onnx's own way looks at each
    number of a list, which takes longer than all else about a forest of 100,000 nodes.
    """
    import onnx

    node = onnx.helper.make_node(op, list(inputs), [output], output, domain=domain)
    for name, value in sorted(values.items()):
        if isinstance(value, np.ndarray):
            field = {"i": "ints", "f": "floats", "S": "strings"}[value.dtype.kind]
            made = node.attribute.add(name=name)
            made.type = onnx.AttributeProto.AttributeType.Value(field.upper())
            getattr(made, field).extend(value.tolist())
        else:
            node.attribute.append(onnx.helper.make_attribute(name, value))
    return node


class Graph:
    """An ONNX graph while it is written; the picture's numbers come in as ``image``."""

    def __init__(self) -> None:
        self._nodes: list[Any] = []
        self._constants: dict[tuple[str, bytes, tuple[int, ...]], tuple[str, NDArray[Any]]] = {}

    def node(self, op: str, *inputs: str, **attributes: Any) -> str:
        """Add a node; return the name of its output."""
        name = f"{op.lower()}_{len(self._nodes)}"
        self._nodes.append(node_of(op, inputs, name, **attributes))
        return name

    def constant(self, values: Any, dtype: Any = np.float32) -> str:
        """Return the name of a constant."""
        array = np.asarray(values, dtype)
        key = array.dtype.str, array.tobytes(), array.shape
        if key not in self._constants:
            self._constants[key] = f"constant_{len(self._constants)}", array
        return self._constants[key][0]

    def model(self, logits: str, bands: int, outputs: int) -> Any:
        """Return the finished model, whose output is ``logits``."""
        import onnx

        helper, kind = onnx.helper, onnx.TensorProto.FLOAT
        self._nodes.append(helper.make_node("Identity", [logits], ["logits"]))
        graph = helper.make_graph(
            self._nodes,
            "pixel_classifier",
            [helper.make_tensor_value_info("image", kind, ["batch", bands, "height", "width"])],
            [helper.make_tensor_value_info("logits", kind, ["batch", outputs, None, None])],
            [onnx.numpy_helper.from_array(a, name) for name, a in self._constants.values()],
        )
        sets = [
            helper.make_opsetid("", OPSET),
            helper.make_opsetid("ai.onnx.ml", LEARNING_OPSET),
        ]
        return helper.make_model(graph, opset_imports=sets, ir_version=8, producer_name="segstudio")

    def codes(self, encoding: Encoding) -> list[str]:
        """Write what turns the picture's numbers into whole ones 0…255; return the bands."""
        low = encoding.low or (0.0,) * encoding.bands
        high = encoding.high or (255.0,) * encoding.bands
        shape = (1, encoding.bands, 1, 1)
        lowest = self.constant(np.reshape(low, shape))
        x = self.node("Max", "image", lowest)
        x = self.node("Min", x, self.constant(np.reshape(high, shape)))
        if encoding.low is not None:
            gain = [255 / (b - a) for a, b in zip(low, high, strict=True)]
            x = self.node("Sub", x, lowest)
            x = self.node("Mul", x, self.constant(np.reshape(gain, shape)))
        x = self.node("Round", x)
        places = (self.constant([n], np.int64) for n in range(encoding.bands))
        return [self.node("Gather", x, place, axis=1) for place in places]

    def planes(self, planes: Sequence[Plane], bands: Sequence[str]) -> str:
        """Write planes; return them as pixels × features."""
        names: dict[int, str] = {}
        for plane in order_of(planes):
            names[id(plane)] = self._plane(plane, [names[id(part)] for part in plane.of], bands)
        merged = self.node("Concat", *(names[id(plane)] for plane in planes), axis=1)
        last = self.node("Transpose", merged, perm=[0, 2, 3, 1])
        return self.node("Reshape", last, self.constant([-1, len(planes)], np.int64))

    def pictures(self, pixels: str, outputs: int) -> str:
        """Turn pixels × outputs into batch × outputs × height × width."""
        shape = self.node("Shape", "image")
        parts = [
            self.node("Gather", shape, self.constant([n], np.int64), axis=0) for n in (0, 2, 3)
        ]
        whole = self.node("Concat", *parts, self.constant([outputs], np.int64), axis=0)
        return self.node("Transpose", self.node("Reshape", pixels, whole), perm=[0, 3, 1, 2])

    def _plane(self, plane: Plane, parts: list[str], bands: Sequence[str]) -> str:
        if plane.op == "band":
            return bands[int(plane.value[0])]
        if plane.op == "constant":
            return self.constant(plane.value[0])
        if plane.op == "equal":
            return self.node("Cast", self.node("Equal", *parts), to=1)
        if plane.op == "take":
            places = self.node("Cast", parts[0], to=7)
            return self.node("Gather", self.constant(plane.value), places, axis=0)
        if plane.op == "moved":
            return self._moved(parts[0], *(int(step) for step in plane.value))
        if plane.op == "smooth":
            return self.smoothed(parts[0], plane.value)
        if plane.op == "total":
            return self._along(parts[0], np.ones(2 * int(plane.value[0]) + 1), fixed=False)
        return self.node(ELEMENTWISE[plane.op], *parts)

    def smoothed(self, x: str, kernel: NDArray[Any]) -> str:
        """Write smoothing of planes of one channel, rounded as ours is."""
        return self._along(x, kernel, fixed=True)

    def _along(self, x: str, kernel: NDArray[Any], fixed: bool) -> str:
        """Weigh along rows, then along columns."""
        radius = len(kernel) // 2
        for across, shape in ((True, (1, 1, 1, -1)), (False, (1, 1, -1, 1))):
            x = self._padded(x, *((0, 0, radius, radius) if across else (radius, radius, 0, 0)))
            x = self.node("Conv", x, self.constant(np.reshape(kernel, shape)))
            if fixed:
                x = self.node("Round", self.node("Mul", x, self.constant(UNIT)))
                x = self.node("Mul", x, self.constant(1 / UNIT))
        return x

    def _padded(self, x: str, above: int, below: int, before: int, after: int) -> str:
        pads = self.constant([0, 0, above, before, 0, 0, below, after], np.int64)
        return self.node("Pad", x, pads, mode="edge")

    def _moved(self, x: str, down: int, right: int) -> str:
        padded = self._padded(x, max(-down, 0), max(down, 0), max(-right, 0), max(right, 0))
        starts = [max(down, 0), max(right, 0)]
        ends = [min(down, 0) or END, min(right, 0) or END]
        named = (self.constant(values, np.int64) for values in (starts, ends, [2, 3]))
        return self.node("Slice", padded, *named)
