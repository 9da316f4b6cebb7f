"""Writing a trained model as a bundle: ONNX, weights and card."""

import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import nn

from segstudio.domain.card import Card
from segstudio.errors import UserError
from segstudio.learning.bundle import MODEL, WEIGHTS, bundled, put_card
from segstudio.learning.networks.encoded import deepest_of, giving_features
from segstudio.learning.trained import Trained

OPSET = 17
FEATURES = "encoder_features"
"""What the tensor with the encoder's deepest map is called inside a graph."""

TOLERANCE = 1e-3
"""Largest difference of a logit between ONNX Runtime and torch that is let through."""


def export(trained: Trained, folder: Path) -> Card:
    """Write ``model.onnx``, ``weights.safetensors`` and ``card.json``; return the final card.

    The bundle is written beside ``folder`` and renamed, so that it is either whole or absent;
    an older bundle of that name is replaced. Raises `UserError` if ONNX Runtime and torch
    disagree; nothing is left then.
    """
    from safetensors.torch import save_file

    with bundled(folder) as beside:
        module = trained.module()
        weights = {k: v.contiguous() for k, v in trained.state.items()}
        save_file(weights, beside / WEIGHTS)
        features = write_onnx(module, trained.card, beside / MODEL)
        difference = largest_difference(module, trained.card, beside / MODEL)
        if not difference < TOLERANCE:
            raise UserError(
                f"the exported model differs from the trained one by {difference:.2g}",
                "the former model stays in use; please report this with the network's settings",
            )
        card = replace(trained.card, largest_difference=difference, features=features)
        put_card(card, beside)
    return card


def write_onnx(module: nn.Module, card: Card, path: Path) -> str | None:
    """Write a network as a graph with one output; return the name of the encoder's map in it.

    None where it is not known which part of the network is the encoder.
    """
    part = deepest_of(module)
    if part is None:
        _trace(module, card, path, ["logits"])
        return None
    with giving_features(module, part):
        _trace(module, card, path, ["logits", FEATURES])
    _hide(path, FEATURES)
    return FEATURES


def _trace(module: nn.Module, card: Card, path: Path, outputs: list[str]) -> None:
    side = card.stride * 2
    sample = torch.zeros(1, card.input.bands, side, side)
    sizes = {0: "batch", 2: "height", 3: "width"}
    with warnings.catch_warnings():
        # This exporter is called legacy, but the new one needs a package more; and the tracer
        # warns wherever a size is read.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module, (sample,), path, dynamo=False, opset_version=OPSET,
            input_names=["image"], output_names=outputs,
            dynamic_axes={"image": sizes, "logits": sizes},
        )  # fmt: skip


def _hide(path: Path, output: str) -> None:
    """Take an output from a graph; the tensor stays in it under its name."""
    import onnx

    model = onnx.load(path)
    kept = [entry for entry in model.graph.output if entry.name != output]
    del model.graph.output[:]
    model.graph.output.extend(kept)
    onnx.save(model, path)


def largest_difference(module: nn.Module, card: Card, path: Path) -> float:
    """Compare ONNX Runtime with torch on noise at two sizes; return the largest difference."""
    import onnxruntime

    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    rng = np.random.default_rng(0)
    worst = 0.0
    for rows, columns in ((3, 4), (5, 2)):
        shape = (1, card.input.bands, rows * card.stride, columns * card.stride)
        x = rng.standard_normal(shape, np.float32)
        with torch.inference_mode():
            expected = module(torch.from_numpy(x)).numpy()
        found = session.run(None, {"image": x})[0]
        worst = max(worst, float(np.abs(found - expected).max()))
    return worst
