"""Measuring a module on whole pictures at their own size."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from segstudio.domain import tiling
from segstudio.domain.card import Card
from segstudio.domain.geometry import Box
from segstudio.domain.metrics import Confusion
from segstudio.domain.task import Part, Task
from segstudio.domain.tiles import Ids
from segstudio.domain.tiling import Pixels, Tile
from segstudio.learning.dataset import Cache, Example


@dataclass(frozen=True)
class Evaluation:
    """Predicts every example as the finished model will, and counts what is right."""

    card: Card
    examples: Sequence[Example]
    cache: Cache

    def run(self, module: nn.Module, device: torch.device, task: Task, text: str) -> Confusion:
        """Return the confusion matrix over all examples; the module must be in eval mode."""
        confusion = Confusion(self.card.ids)
        for place in range(len(self.examples)):
            pixels, mask = self.cache.read(place)
            part = Part(task, place, len(self.examples), text)
            confusion.add(mask, predicted(module, self.card, pixels, device, part))
        return confusion


def predicted(
    module: nn.Module, card: Card, pixels: Pixels, device: torch.device, task: Task
) -> Ids:
    """Return the class ids of a picture held in memory, through the same windows as inference."""
    height, width = pixels.shape[:2]
    ids = np.array(card.ids, np.uint8)
    out = np.empty((height, width), np.uint8)

    def compute(tile: Tile) -> Ids:
        x = torch.from_numpy(card.input.prepare(tile.pixels, card.stride)).to(device)
        with torch.inference_mode():
            logits = module(x)[0, :, : tile.box.height, : tile.box.width]
            places: NDArray[np.int64] = logits.argmax(0).cpu().numpy()
        return ids[places]

    def read(box: Box) -> Tile:
        return Tile(pixels[box.slices], box)

    plan = tiling.windows(height, width, card.tile, card.halo)
    for window, _, result in tiling.run(plan, read, compute, task, "Evaluating"):
        out[window.core.slices] = tiling.core(window, result)
    return out
