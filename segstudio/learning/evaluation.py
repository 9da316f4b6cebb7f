"""Measuring a module on whole pictures at their own size."""

import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from segstudio.domain import tiling
from segstudio.domain.card import Card
from segstudio.domain.geometry import Box
from segstudio.domain.intervals import bootstrap
from segstudio.domain.metrics import Confusion
from segstudio.domain.task import Part, Task
from segstudio.domain.tiles import Ids
from segstudio.domain.tiling import Pixels, Tile
from segstudio.learning.dataset import Cache, Example
from segstudio.learning.samples import Sample, sample_of

SAMPLES = 4
"""Pictures that are shown with their prediction after each evaluation, always the same ones."""

WORST = 100
"""Pictures that are named, the worst first."""


@dataclass
class Evaluation:
    """Predicts every example as the finished model will, and counts what is right.

    What the last `run` found of single pictures is told by `figures` and `pictures`.
    """

    card: Card
    examples: Sequence[Example]
    cache: Cache
    _parts: dict[int | str, Confusion] = field(default_factory=dict, init=False)
    _samples: list[Sample] = field(default_factory=list, init=False)
    _seconds: float = field(default=0.0, init=False)
    _memory: int | None = field(default=None, init=False)

    def run(self, module: nn.Module, device: torch.device, task: Task, text: str) -> Confusion:
        """Return the confusion matrix over all examples; the module must be in eval mode."""
        total = Confusion(self.card.ids)
        self._parts, self._samples, self._seconds = {}, [], 0.0
        shown = self._shown()
        for place, example in enumerate(self.examples):
            pixels, mask = self.cache.read(place)
            part = Part(task, place, len(self.examples), text)
            began = time.perf_counter()
            found = predicted(module, self.card, pixels, device, part)
            self._seconds += time.perf_counter() - began
            confusion = Confusion(self.card.ids)
            confusion.add(mask, found)
            total += confusion
            # Windows of one picture are not drawn apart: they are too much alike.
            key = example.name if example.image is None else example.image
            self._parts[key] = self._parts.get(key, Confusion(self.card.ids)) + confusion
            if place in shown:
                self._samples.append(sample_of(example, pixels, mask, found))
        self._memory = memory_of(device)
        return total

    def look(self, module: nn.Module, device: torch.device, task: Task) -> list[Sample]:
        """Predict only those pictures that are shown; what the last `run` has found stays."""
        found = []
        for place in sorted(self._shown()):
            pixels, mask = self.cache.read(place)
            ids = predicted(module, self.card, pixels, device, task)
            found.append(sample_of(self.examples[place], pixels, mask, ids))
        return found

    def _shown(self) -> set[int]:
        """Return the places of the samples: spread evenly, always the same."""
        count = len(self.examples)
        return set(np.linspace(0, count - 1, SAMPLES).astype(int).tolist()) if count else set()

    def figures(self) -> dict[str, Any]:
        """Return what belongs to the metrics: how sure the mIoU is, and what a picture takes.

        ``interval`` is that of `bootstrap`; ``memory`` are the bytes that the program held at
        most so far, or on a GPU the network alone.
        """
        interval = bootstrap(list(self._parts.values()))
        return {
            "interval": None if interval is None else list(interval),
            "seconds_an_image": self._seconds / len(self._parts) if self._parts else None,
            "memory": self._memory,
        }

    def pictures(self) -> dict[str, Any]:
        """Return the pictures of the project with the lowest mIoU, and some samples."""
        return {"worst": worst(self._parts), "samples": self._samples}


def worst(parts: Mapping[Any, Confusion]) -> list[dict[str, Any]]:
    """Return the pictures of a project by their mIoU, the worst first."""
    found = [
        {"image": image, "miou": part.miou}
        for image, part in parts.items()
        if isinstance(image, int) and part.miou is not None
    ]
    return sorted(found, key=lambda each: each["miou"])[:WORST]


def memory_of(device: torch.device) -> int | None:
    """Return the most bytes that were held so far; None where the system does not tell."""
    if device.type == "cuda":
        return int(torch.cuda.max_memory_allocated(device))
    try:
        import resource
    except ImportError:  # Windows has no such module
        return None
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


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


class Alongside:
    """Lets an evaluation be cancelled while the bar stays where the training is."""

    def __init__(self, task: Task, step: int, steps: int) -> None:
        self._task, self._step, self._steps = task, step, steps

    def report(self, done: int, total: int, text: str) -> None:
        self._task.report(self._step, self._steps, text)
