"""Cutting training batches out of labelled pictures."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.card import InputSpec
from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.tiles import Ids
from segstudio.learning.augment import Augmentation, Input, resized
from segstudio.learning.dataset import Cache, Survey


@dataclass(frozen=True)
class Crops:
    """Draws square crops of which each holds labelled pixels.

    ``rare`` is the share of crops cut around a class drawn by itself, seldom classes more often;
    the others are cut around any labelled pixel of any picture. What a step gets depends on the
    seed and the step's number alone, so that a resumed run sees what the first would have seen.
    """

    cache: Cache
    survey: Survey
    table: NDArray[np.uint8]
    spec: InputSpec
    augmentation: Augmentation
    side: int
    rare: float
    seed: int

    def batch(self, step: int, size: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Return inputs N × bands × side × side and targets N × side × side of one step."""
        pairs = [self._crop(np.random.default_rng([self.seed, step, n])) for n in range(size)]
        inputs, targets = zip(*pairs, strict=True)
        return np.stack(inputs), np.stack(targets).astype(np.int64)

    def _crop(self, rng: np.random.Generator) -> tuple[Input, Ids]:
        place, channel = self._choose(rng)
        row, column = rng.choice(self.survey.places[place][channel])
        pixels, mask = self.cache.read(place)
        window = self._window(mask.shape, int(row), int(column), rng)
        labels = self.table[_cut(mask, window, constant_values=UNLABELLED)]
        pixels, mask = resized(_cut(pixels, window, mode="edge"), labels, self.side)
        pixels, mask = self.augmentation.turned(pixels, mask, rng)
        return self.augmentation.coloured(pixels, self.spec, rng), mask

    def _choose(self, rng: np.random.Generator) -> tuple[int, int]:
        """Return a picture and the channel around a pixel of which the crop is cut."""
        counts = self.survey.counts
        if rng.random() < self.rare:
            totals = counts.sum(0)
            chances = np.where(totals > 0, np.maximum(totals, 1.0) ** -0.25, 0)
            channel = int(rng.choice(len(totals), p=chances / chances.sum()))
            return int(rng.choice(np.flatnonzero(counts[:, channel]))), channel
        place = int(rng.choice(np.flatnonzero(counts.any(1))))
        return place, int(rng.choice(counts.shape[1], p=counts[place] / counts[place].sum()))

    def _window(
        self, shape: tuple[int, ...], row: int, column: int, rng: np.random.Generator
    ) -> Box:
        """Return a square around a pixel; it stays inside the picture where that is possible."""
        zoom = self.augmentation.zoom
        widest = max(self.side, min(shape))
        lowest = max(1 / zoom, self.side / widest)
        side = round(self.side / np.exp(rng.uniform(np.log(lowest), np.log(max(zoom, lowest)))))
        top, left = (
            _start(at, side, length, rng) for at, length in zip((row, column), shape, strict=True)
        )
        return Box(top, left, top + side, left + side)


def _cut(array: NDArray[Any], window: Box, **fill: Any) -> NDArray[Any]:
    """Return the part inside a window that may reach over the edges (see `numpy.pad`)."""
    inside = window.clipped(Box(0, 0, *array.shape[:2]))
    part = array[inside.slices]
    if inside == window:
        return part
    rows = inside.top - window.top, window.bottom - inside.bottom
    columns = inside.left - window.left, window.right - inside.right
    return np.pad(part, (rows, columns, (0, 0))[: array.ndim], **fill)


def _start(at: int, side: int, length: int, rng: np.random.Generator) -> int:
    start = at - int(rng.integers(side))
    low, high = sorted((0, length - side))
    return min(max(start, low), high)
