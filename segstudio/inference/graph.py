"""What the last steps of a network's graph tell about its answer."""

from pathlib import Path
from typing import Any

from segstudio.domain.card import Form

PASSED = frozenset({
    "Transpose", "Reshape", "Squeeze", "Unsqueeze", "Gather", "Slice", "Identity", "Cast",
    "Resize", "Upsample", "QuantizeLinear", "DequantizeLinear", "Dropout",
})  # fmt: skip
"""Steps that leave the numbers what they are."""

FORMS: dict[str, Form] = {
    "Softmax": "probabilities",
    "Sigmoid": "sigmoid",
    "HardSigmoid": "sigmoid",
    "ArgMax": "ids",
    "LogSoftmax": "logits",
    "Conv": "logits",
    "ConvTranspose": "logits",
    "BatchNormalization": "logits",
    "Add": "logits",
}


def form_of(file: Path, output: str) -> Form | None:
    """Return the form of an output by the step that makes it; None where that may be anything."""
    made = {name: node for node in _nodes(file) for name in node.output}
    while output in made:
        node = made.pop(output)
        if node.op_type not in PASSED:
            return FORMS.get(node.op_type)
        output = node.input[0] if node.input else ""
    return None


def further_output(name: str) -> bytes:
    """Return what makes a tensor an output when it is put after the bytes of a graph's file.

    Protocol buffers take parts of a message that come later for additions to lists. So a large
    graph need not be read and written for it.
    """
    import onnx

    graph = onnx.GraphProto(output=[onnx.ValueInfoProto(name=name)])
    more: bytes = onnx.ModelProto(graph=graph).SerializeToString()
    return more


def _nodes(file: Path) -> list[Any]:
    import onnx

    try:
        return list(onnx.load(file, load_external_data=False).graph.node)
    except Exception:  # whatever hinders it: then the graph tells nothing
        return []
