"""Bringing what networks answer to one form: logits of the classes."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.card import Layout, OutputSpec
from segstudio.errors import UserError

Logits = NDArray[np.float32]

SURE = 1e-6
"""Probabilities are kept this far from 0 and 1, so that their logarithms are numbers."""


def logits_of(
    answers: Sequence[NDArray[Any]], output: OutputSpec, layout: Layout, classes: int
) -> Logits:
    """Return C × H × W logits of what the outputs of a network gave for one picture.

    Raises `UserError` where the numbers are not what the card says.
    """
    parts = [_planes(answer, layout) for answer in answers]
    planes = parts[0] if len(parts) == 1 else np.concatenate(parts)
    if output.form == "ids":
        return _of_ids(planes[0], classes)
    found: Logits = planes.astype(np.float32, copy=False)
    if output.form == "probabilities":
        found = np.log(_shares(found))
    elif output.form == "sigmoid":
        shares = _shares(found)
        found = np.log(shares / (1 - shares))
    if output.background:
        found = np.concatenate([np.zeros_like(found[:1]), found])
    if len(found) != classes:
        raise UserError(
            f"the model gives {len(found)} channels for {classes} classes",
            "name as many classes as it has channels",
        )
    return found


def _planes(answer: NDArray[Any], layout: Layout) -> NDArray[Any]:
    """Return the answer of one picture with its channels first."""
    picture: NDArray[Any] = answer[0]
    if picture.ndim == 2:
        return picture[None]
    return picture.transpose(2, 0, 1) if layout == "NHWC" else picture


def _shares(found: Logits) -> Logits:
    low, high = float(found.min()), float(found.max())
    if not (low > -0.01 and high < 1.01):
        raise UserError(
            f"the model gives numbers from {low:.3g} to {high:.3g}, which are no shares of 0 to 1",
            "say that it gives logits (--form logits)",
        )
    return np.clip(found, np.float32(SURE), np.float32(1 - SURE))


def _of_ids(ids: NDArray[Any], classes: int) -> Logits:
    highest = int(ids.max())
    if highest >= classes or int(ids.min()) < 0:
        raise UserError(
            f"the model gives the class {highest}, its card has {classes}",
            "name all its classes, from the number 0 on",
        )
    right = ids[None] == np.arange(classes).reshape(-1, 1, 1)
    return np.where(right, np.float32(-math.log(SURE)), np.float32(0))
