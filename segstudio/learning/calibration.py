"""Making a network's probabilities honest: one temperature for its logits, from labels held back.

Temperature scaling (Guo et al., ICML 2017) changes no prediction, only how sure it seems: a
young network is much too sure of itself, and then its doubt says nothing about what to label.
"""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from segstudio.domain import tiling
from segstudio.domain.card import Card
from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.task import Part, Task
from segstudio.domain.tiling import Pixels, Tile
from segstudio.learning.dataset import channel_table
from segstudio.learning.evaluation import Evaluation
from segstudio.learning.trained import Trained

PICTURES = 32
"""Pictures that are looked at, at most."""

PIXELS = 4096
"""Labelled pixels that are taken of each."""

COLDEST, HOTTEST = 0.5, 8.0
"""Colder would make few pixels that happen to be right look like certainty."""

_GOLDEN = (math.sqrt(5) - 1) / 2
_STEPS = 24
"""Enough to know log T to 0.0001."""


def calibrated(
    trained: Trained, evaluation: Evaluation, device: torch.device, task: Task
) -> Trained:
    """Return the same weights with the temperature that suits the pictures held back."""
    module = trained.module().to(device)
    logits, targets = _sampled(module, evaluation, device, task)
    if not len(targets):
        return trained
    return replace(trained, card=replace(trained.card, temperature=temperature(logits, targets)))


def temperature(logits: NDArray[np.float32], targets: NDArray[np.int64]) -> float:
    """Return the temperature of 0.5…8 with the least cross-entropy; 1 where there is no number.

    ``logits`` is pixels × classes, ``targets`` the place of the right class of each.
    """

    def loss(log_temperature: float) -> float:
        return cross_entropy(logits, targets, math.exp(log_temperature))

    best = _least(loss, math.log(COLDEST), math.log(HOTTEST))
    return math.exp(best) if math.isfinite(loss(best)) else 1.0


def cross_entropy(
    logits: NDArray[np.float32], targets: NDArray[np.int64], temperature: float = 1.0
) -> float:
    """Return the mean of −log p of the right class."""
    scaled = logits / np.float32(temperature)
    highest = scaled.max(1)
    total = highest + np.log(np.exp(scaled - highest[:, None]).sum(1))
    right = scaled[np.arange(len(targets)), targets]
    return float((total - right).mean(dtype=np.float64))


def _least(function: Callable[[float], float], low: float, high: float) -> float:
    """Return where a function with one valley is lowest (golden section)."""
    left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    at_left, at_right = function(left), function(right)
    for _ in range(_STEPS):
        if at_left <= at_right:
            high, right, at_right = right, left, at_left
            left = high - _GOLDEN * (high - low)
            at_left = function(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + _GOLDEN * (high - low)
            at_right = function(right)
    return (low + high) / 2


def _sampled(
    module: nn.Module, evaluation: Evaluation, device: torch.device, task: Task
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return logits and right classes of labelled pixels, evenly taken from the pictures."""
    card, count = evaluation.card, len(evaluation.examples)
    table = channel_table(card.ids)
    logits = [np.zeros((0, len(card.classes)), np.float32)]
    targets = [np.zeros(0, np.int64)]
    places = sorted({int(place) for place in np.linspace(0, count - 1, PICTURES)} if count else ())
    for number, place in enumerate(places):
        part = Part(task, number, len(places), "Calibrating")
        pixels, mask = evaluation.cache.read(place)
        wanted = table[mask]
        known = np.flatnonzero(wanted != UNLABELLED)
        known = known[:: -(-len(known) // PIXELS) or 1]
        if len(known):
            logits.append(_logits_at(module, card, pixels, known, device, part))
            targets.append(wanted.ravel()[known].astype(np.int64))
    return np.concatenate(logits), np.concatenate(targets)


def _logits_at(
    module: nn.Module,
    card: Card,
    pixels: Pixels,
    places: NDArray[np.intp],
    device: torch.device,
    task: Task,
) -> NDArray[np.float32]:
    """Return the logits of some pixels, by their places in the flat picture (in order)."""
    height, width = pixels.shape[:2]
    rows, columns = np.unravel_index(places, (height, width))
    out = np.zeros((len(places), len(card.classes)), np.float32)

    def compute(tile: Tile) -> NDArray[np.float32]:
        x = torch.from_numpy(card.input.prepare(tile.pixels, card.stride)).to(device)
        with torch.inference_mode():
            found: NDArray[np.float32] = module(x)[0].float().cpu().numpy()
        return found[:, : tile.box.height, : tile.box.width]

    def read(box: Box) -> Tile:
        return Tile(pixels[box.slices], box)

    plan = tiling.windows(height, width, card.tile, card.halo)
    for window, _, result in tiling.run(plan, read, compute, task, "Calibrating"):
        box = window.core
        inside = (box.top <= rows) & (rows < box.bottom)
        inside &= (box.left <= columns) & (columns < box.right)
        kept = tiling.core(window, result)
        out[inside] = kept[:, rows[inside] - box.top, columns[inside] - box.left].T
    return out
