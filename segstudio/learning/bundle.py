"""The folder of a model: how it comes to be whole, and what stands in it beside the weights.

No torch here: models come from elsewhere too.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from segstudio.domain.card import Card

MODEL, WEIGHTS, CARD = "model.onnx", "weights.safetensors", "card.json"


def weights_file(path: Path) -> Path:
    """Return the file of weights that a path names: itself, or the one in a bundle's folder."""
    return path / WEIGHTS if path.is_dir() else path


@contextmanager
def bundled(folder: Path) -> Iterator[Path]:
    """Give a folder to write a bundle into, which becomes ``folder`` when all went well.

    It is written beside and renamed, so that a bundle is either whole or absent; an older one
    of that name is replaced.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        yield beside
        (beside / WEIGHTS).chmod(0o644)  # the library makes it for its owner alone
        os.chmod(beside, 0o755)  # mkdtemp makes folders that only the owner can read
        _swap(beside, folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def put_card(card: Card, folder: Path) -> None:
    """Write the card, and put it into the ONNX file too, in our words and in those of Deepness."""
    import onnx

    model = onnx.load(folder / MODEL)
    # Deepness refuses outputs whose height and width have different names.
    for place in (2, 3):
        model.graph.output[0].type.tensor_type.shape.dim[place].ClearField("dim_param")
    entries = deepness_metadata(card) | {"segstudio_card": card.to_json()}
    onnx.helper.set_model_props(
        model, {key: json.dumps(value, ensure_ascii=False) for key, value in entries.items()}
    )
    onnx.save(model, folder / MODEL)
    text = json.dumps(card.to_json(), indent=1, ensure_ascii=False)
    (folder / CARD).write_text(text, encoding="utf-8")


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
