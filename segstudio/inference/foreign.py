"""Making a card for an ONNX file that has none: of what it says, and of what a person says."""

import ast
import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from segstudio.domain.card import Card, CardClass, OutputSpec
from segstudio.domain.classes import default_colour
from segstudio.errors import UserError
from segstudio.inference.facts import Facts, Unsaid
from segstudio.inference.graph import form_of
from segstudio.inference.ports import Given, Taken, given, margin_of, taken, unfit
from segstudio.settings import build

BACKGROUND = "background"
"""The name of what remains, where a network has channels for the other classes only."""

TOLD = "told"
"""Under this name a card's settings hold the `Facts` that it was made of."""

DEEPNESS = ("model_type", "class_names", "standardization_mean", "tile_size", "tiles_size")
"""Metadata by which a file follows the conventions of the QGIS plug-in Deepness."""


def card_of(session: Any, file: Path, said: Mapping[str, Any] | None = None) -> Card:
    """Make a card from the metadata and the graph of a file, and the fields of `Facts` ``said``.

    Raises `UserError` where it is no network for segmentation, and `Unsaid` where too little
    is known of it.
    """
    values = {
        key: value_of(text) for key, text in session.get_modelmeta().custom_metadata_map.items()
    }
    if "segstudio_card" in values and not said:
        return Card.from_json(values["segstudio_card"])
    kind = str(values.get("model_type", "Segmentor"))
    if kind.casefold() != "segmentor":
        raise UserError(
            f"{file.name} is a {kind}, not a model for segmentation",
            "choose a model of the type Segmentor",
        )
    facts, known = heard(session, file, values)
    facts = build(Facts, asdict(facts) | dict(said or {}))
    needed = ("classes", "scale", "form", "layout")
    missing = [name for name in needed if name not in known and name not in (said or {})]
    if not facts.classes and "classes" not in missing:
        missing = ["classes", *missing]
    if missing:
        raise Unsaid(file, missing, facts, given(session, file, taken(session, file)).channels)
    return _card(session, file, facts, values)


def heard(session: Any, file: Path, values: Mapping[str, Any]) -> tuple[Facts, set[str]]:
    """Return what a file says, and the names of the facts that it does say."""
    known: dict[str, Any] = {}
    names = _names(values.get("class_names", values.get("names")))
    if names:
        known["classes"] = names
    follows = any(name in values for name in DEEPNESS)
    took = taken(session, file)
    gave = given(session, file, took)
    if follows:
        known["scale"] = "unit"
        for field in ("mean", "std"):
            numbers = values.get(f"standardization_{field}")
            if isinstance(numbers, list):
                known[field] = tuple(map(float, numbers))
    elif took.dtype == "uint8":
        known["scale"] = "raw"
    form = "ids" if gave.whole_numbers else form_of(file, gave.names[0])
    # One channel that nothing squeezes into 0…1 may be anything: a depth, a height.
    if form is not None and not (form == "logits" and gave.channels == 1):
        known["form"] = form
    if took.layout is not None:
        known["layout"] = took.layout
    tiles = follows or took.size is None
    return replace(Facts(view="tiles" if tiles else "whole"), **known), set(known)


def _card(session: Any, file: Path, facts: Facts, values: Mapping[str, Any]) -> Card:
    took = taken(session, file, facts.layout)
    gave = given(session, file, took)
    names = facts.classes
    background = _without_background(facts, gave, len(names))
    if background and len(names) == gave.channels:
        names = (BACKGROUND, *names)
    counted = facts.form != "ids" and gave.channels is not None
    if counted and len(names) - background != gave.channels:
        raise UserError(
            f"{file.name} gives {gave.channels} channel{'s' * (gave.channels != 1)} of classes, "
            f"{len(names)} were named",
            "name one for each channel; the background may have none",
        )
    tile = int(values.get("tile_size", values.get("tiles_size", 512)))
    halo = int(tile * float(values.get("tiles_overlap", 50)) / 200)
    return Card(
        tuple(CardClass(n, name, default_colour(n)) for n, name in enumerate(names)),
        settings={TOLD: asdict(facts)},
        input=facts.input(_bands(took, facts)),
        output=OutputSpec(facts.form, gave.layout, background, gave.names),
        view=facts.view,
        tile=tile - 2 * halo,
        halo=halo,
        resolution=values.get("resolution"),
    )


def _without_background(facts: Facts, gave: Given, names: int) -> bool:
    """Tell whether the background has no channel, but is what the others leave."""
    if facts.form == "ids" or gave.channels is None:
        return False
    if names == gave.channels + 1:
        return True
    single = gave.channels == 1 or len(gave.names) > 1
    if names == gave.channels and BACKGROUND in facts.classes:
        return False
    return single and facts.form in ("sigmoid", "logits")


def _bands(took: Taken, facts: Facts) -> int:
    return took.bands or max(3, len(facts.mean), len(facts.std))


def _names(found: Any) -> tuple[str, ...]:
    """Return names of classes as exporters write them: by number, as a list, or one by output."""
    if isinstance(found, dict):
        ordered = sorted(found.items(), key=lambda item: int(item[0]))
        return tuple(str(name) for _, name in ordered)
    if isinstance(found, list) and all(isinstance(part, dict) for part in found):
        parts = [_names(part) for part in found]
        # Outputs of several classes each are masks of their own: the first one is taken.
        single = all(len(part) == 1 for part in parts)
        return tuple(part[0] for part in parts) if single else next(iter(parts), ())
    return tuple(map(str, found)) if isinstance(found, list) else ()


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


def fitted_to(card: Card, session: Any, file: Path) -> tuple[Card, Taken, Given]:
    """Check that a session takes and gives what the card says; return the card for its size.

    A network of one fixed size gets windows of just that size.
    """
    took = taken(session, file, card.input.layout)
    if took.bands is not None and took.bands != card.input.bands:
        raise unfit(file, f"takes {took.bands} bands where its card says {card.input.bands}")
    gave = given(session, file, took)
    if card.output.names:
        unknown = set(card.output.names) - {entry.name for entry in session.get_outputs()}
        if unknown:
            raise unfit(file, f"has no output called {', '.join(sorted(unknown))}")
        gave = replace(gave, names=card.output.names)
    gave = replace(gave, layout=card.output.layout or gave.layout)
    wanted = len(card.classes) - card.output.background
    if card.output.form != "ids" and gave.channels not in (None, wanted):
        raise unfit(file, f"gives {gave.channels} channels for {wanted} classes")
    if took.size is None:
        return card, took, gave
    gives = gave.size or took.size
    margin = margin_of(took.size, gives)
    side = min(gives) if margin else min(took.size)
    halo = min(max(card.halo, margin), side // 4)
    return replace(card, stride=1, tile=side - 2 * halo, halo=halo), took, gave
