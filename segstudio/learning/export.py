"""Writing a trained model as a bundle: ONNX, weights and card."""

import json
import os
import shutil
import tempfile
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from segstudio.domain.card import Card
from segstudio.errors import UserError
from segstudio.learning.trained import Trained

OPSET = 17
TOLERANCE = 1e-3
"""Largest difference of a logit between ONNX Runtime and torch that is let through."""


def export(trained: Trained, folder: Path) -> Card:
    """Write ``model.onnx``, ``weights.safetensors`` and ``card.json``; return the final card.

    The bundle is written beside ``folder`` and renamed, so that it is either whole or absent;
    an older bundle of that name is replaced. Raises `UserError` if ONNX Runtime and torch
    disagree; nothing is left then.
    """
    from safetensors.torch import save_file

    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        module = trained.module()
        save_file(
            {k: v.contiguous() for k, v in trained.state.items()}, beside / "weights.safetensors"
        )
        (beside / "weights.safetensors").chmod(0o644)  # the library makes it for its owner alone
        _write_onnx(module, trained.card, beside / "model.onnx")
        difference = largest_difference(module, trained.card, beside / "model.onnx")
        if not difference < TOLERANCE:
            raise UserError(
                f"the exported model differs from the trained one by {difference:.2g}",
                "the former model stays in use; please report this with the network's settings",
            )
        card = replace(trained.card, largest_difference=difference)
        _embed(card, beside / "model.onnx")
        text = json.dumps(card.to_json(), indent=1, ensure_ascii=False)
        (beside / "card.json").write_text(text, encoding="utf-8")
        os.chmod(beside, 0o755)  # mkdtemp makes folders that only the owner can read
        _swap(beside, folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return card


def _write_onnx(module: nn.Module, card: Card, path: Path) -> None:
    side = card.stride * 2
    sample = torch.zeros(1, card.input.bands, side, side)
    sizes = {0: "batch", 2: "height", 3: "width"}
    with warnings.catch_warnings():
        # This exporter is called legacy, but the new one needs a package more; and the tracer
        # warns wherever a size is read.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            module, (sample,), path, dynamo=False, opset_version=OPSET,
            input_names=["image"], output_names=["logits"],
            dynamic_axes={"image": sizes, "logits": sizes},
        )  # fmt: skip


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


def _embed(card: Card, path: Path) -> None:
    """Put the card into the ONNX file too, in our words and in those of Deepness."""
    import onnx

    model = onnx.load(path)
    # Deepness refuses outputs whose height and width have different names.
    for place in (2, 3):
        model.graph.output[0].type.tensor_type.shape.dim[place].ClearField("dim_param")
    entries = deepness_metadata(card) | {"segstudio_card": card.to_json()}
    onnx.helper.set_model_props(
        model, {key: json.dumps(value, ensure_ascii=False) for key, value in entries.items()}
    )
    onnx.save(model, path)


def deepness_metadata(card: Card) -> dict[str, Any]:
    """Return what the QGIS plug-in Deepness reads, by its names.

    Its tiles include the overlap, which it counts in per cent; its input is
    (pixel / 255 − mean) / std.
    """
    tile = card.tile + 2 * card.halo
    unit = 255 * card.input.scale
    entries = {
        "model_type": "Segmentor",
        "class_names": {str(n): c.name for n, c in enumerate(card.classes)},
        "tile_size": tile,
        "tiles_size": tile,
        "tiles_overlap": round(100 * 2 * card.halo / tile),
        "seg_thresh": 0.0,
        "standardization_mean": [m / unit for m in card.input.mean],
        "standardization_std": [s / unit for s in card.input.std],
    }
    if card.resolution is not None:
        entries["resolution"] = card.resolution
    return entries


def _swap(fresh: Path, folder: Path) -> None:
    """Rename a finished bundle to its place; an older one goes only after that."""
    if not folder.exists():
        fresh.rename(folder)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{folder.name}-old-", dir=folder.parent))
    folder.rename(old / folder.name)
    try:
        fresh.rename(folder)
    except OSError:
        (old / folder.name).rename(folder)
        raise
    finally:
        shutil.rmtree(old, ignore_errors=True)
