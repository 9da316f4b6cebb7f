"""Reading what an ONNX file says about itself, where no card lies beside it."""

import ast
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from segstudio.domain.card import Card, CardClass, InputSpec
from segstudio.domain.classes import default_colour
from segstudio.errors import UserError


def card_from_metadata(metadata: Mapping[str, str], file: Path) -> Card:
    """Make a card from the metadata that we or the QGIS plug-in Deepness write.

    Raises `UserError` that names what is missing.
    """
    values = {key: value_of(text) for key, text in metadata.items()}
    if "segstudio_card" in values:
        return Card.from_json(values["segstudio_card"])
    names = values.get("class_names", values.get("names"))
    if not isinstance(names, dict):
        raise UserError(
            f"{file.name} does not say which classes it knows",
            f"put a card beside it, {file.with_suffix('.card.json').name}, "
            "or add class_names to its metadata",
        )
    if str(values.get("model_type", "Segmentor")).capitalize() != "Segmentor":
        raise UserError(
            f"{file.name} is a {values['model_type']}, not a model for segmentation",
            "choose a model of the type Segmentor",
        )
    ordered = sorted(names.items(), key=lambda item: int(item[0]))
    classes = tuple(
        CardClass(n, str(name), default_colour(n)) for n, (_, name) in enumerate(ordered)
    )
    tile = int(values.get("tile_size", values.get("tiles_size", 512)))
    halo = int(tile * float(values.get("tiles_overlap", 15)) / 200)
    return Card(
        classes,
        network="",
        settings={},
        input=_input(values),
        tile=tile - 2 * halo,
        halo=halo,
        resolution=values.get("resolution"),
    )


def _input(values: Mapping[str, Any]) -> InputSpec:
    mean = values.get("standardization_mean", [0.0, 0.0, 0.0])
    std = values.get("standardization_std", [1.0] * len(mean))
    return InputSpec(len(mean), 1 / 255, tuple(map(float, mean)), tuple(map(float, std)))


def value_of(text: str) -> Any:
    """Read JSON, or a Python literal as some exporters write; else return the text."""
    try:
        return json.loads(text)
    except ValueError:
        pass
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return text


def fitted_to(card: Card, session: Any, file: Path) -> Card:
    """Check that a session takes and gives what the card says; return the card for its size.

    A model of one fixed, square size gets windows of just that size.
    """
    taken, given = session.get_inputs(), session.get_outputs()
    shape = taken[0].shape
    if len(taken) != 1 or len(shape) != 4 or taken[0].type != "tensor(float)":
        raise _unfit(file, f"takes {[entry.shape for entry in taken]}")
    if isinstance(shape[1], int) and shape[1] != card.input.bands:
        raise _unfit(file, f"takes {shape[1]} bands where its card says {card.input.bands}")
    channels = given[0].shape[1] if len(given[0].shape) == 4 else None
    if isinstance(channels, int) and channels != len(card.classes):
        raise _unfit(file, f"gives {channels} channels for {len(card.classes)} classes")
    if channels is None:
        raise _unfit(file, f"gives {given[0].shape}")
    height, width = shape[2:]
    if not isinstance(height, int) and not isinstance(width, int):
        return card
    if height != width:
        raise _unfit(file, f"takes only pictures of {width} × {height}")
    if list(given[0].shape[2:]) != [height, width]:
        raise _unfit(file, "gives masks of another size than the picture")
    halo = min(card.halo, height // 4)
    return replace(card, stride=height, tile=height - 2 * halo, halo=halo)


def _unfit(file: Path, what: str) -> UserError:
    return UserError(
        f"{file.name} {what}",
        "a model takes N × bands × H × W float32 and gives N × classes × H × W logits",
    )
