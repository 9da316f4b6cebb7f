"""Trainings that go on where the model in use stands."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from segstudio.workflows.choice import Choice

PERTURB = 0.3
"""Share of fresh weights in those that a training by itself begins from."""

FRESH = 0.3
"""Share of its crops from pictures labelled since the training before."""


def going_on(choice: "Choice", weights: Path | None, said: Mapping[str, Any]) -> "Choice":
    """Return a choice that goes on from weights; its model only gives way to a better one.

    New labels come more often, and a part of the weights is fresh, unless the person has
    ``said`` otherwise. Without weights the network begins anew.
    """
    settings = choice.training
    if "fresh" not in said:
        settings = replace(settings, fresh=FRESH)
    if "perturb" not in said and weights is not None:
        settings = replace(settings, perturb=PERTURB)
    return replace(choice, training=settings, weights=weights, careful=True)
