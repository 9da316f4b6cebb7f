"""Cutting training batches out of labelled pictures."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.card import InputSpec
from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.tiles import Ids
from segstudio.domain.tiling import Pixels
from segstudio.learning.augment import Augmentation, Crop
from segstudio.learning.augmentations.bands import by_bands
from segstudio.learning.dataset import Cache, Survey

Batch = tuple[NDArray[np.float32], NDArray[np.int64]]
"""Inputs N × bands × side × side and targets N × side × side."""


@dataclass(frozen=True)
class Crops:
    """Draws square crops of which each holds labelled pixels.

    A share of them, as the augmentation says, is cut around a class drawn by itself, seldom
    classes more often; the others around any labelled pixel of any picture. What a step gets
    depends on the seed, the step's number and the number of crops alone, so that a resumed run
    sees what the first would have seen, whichever thread draws it.
    """

    cache: Cache
    survey: Survey
    table: NDArray[np.uint8]
    spec: InputSpec
    augmentation: Augmentation
    side: int
    seed: int
    fresh: float = 0.0
    """Share of the crops that are cut from ``newest`` pictures."""
    newest: tuple[int, ...] = ()
    """Places of the examples with labels that no training has seen."""

    def batch(self, step: int, size: int) -> Batch:
        """Return inputs and targets of one step; the inputs lie channels last in memory."""
        crops = self.samples(step, size)
        targets = np.empty((size, self.side, self.side), np.int64)
        for target, crop in zip(targets, crops, strict=True):
            target[:] = crop.mask
        return self.inputs_of(crops), targets

    def samples(self, step: int, size: int) -> Sequence[Crop]:
        """Return the crops of one step in the numbers of their files."""
        crops = [self._crop(step, n) for n in range(size)]
        return self.augmentation.mix(crops, (self.seed, step))

    def inputs_of(self, crops: Sequence[Crop]) -> NDArray[np.float32]:
        """Return what `InputSpec.prepare` makes of crops; it lies channels last in memory."""
        import cv2

        made = np.empty((len(crops), self.side, self.side, self.spec.bands), np.float32)
        for place, crop in enumerate(crops):
            if crop.pixels.dtype == np.uint8:
                cv2.LUT(np.ascontiguousarray(crop.pixels), self._inputs, made[place])
            else:
                made[place] = self._channels_last.prepare(crop.pixels)[0]
        return made.transpose(0, 3, 1, 2)

    @cached_property
    def _inputs(self) -> NDArray[np.float32]:
        """The input of each number of 8 bits in each band: looking up is six times faster."""
        ramp = np.arange(256, dtype=np.uint8)[:, None, None]
        return self._channels_last.prepare(np.repeat(ramp, self.spec.bands, 2))[:, :, 0]

    @cached_property
    def _channels_last(self) -> InputSpec:
        return replace(self.spec, layout="NHWC")

    def names(self, step: int, size: int) -> list[str]:
        """Return the pictures that the crops of a step were cut from, as `batch` drew them."""
        draws = (np.random.default_rng([self.seed, step, n]) for n in range(size))
        return [self.cache.name(self._choose(rng)[0]) for rng in draws]

    def _crop(self, step: int, number: int) -> Crop:
        import cv2

        rng = np.random.default_rng([self.seed, step, number])
        place, channel = self._choose(rng)
        row, column = rng.choice(self.survey.places[place][channel])
        pixels, mask = self.cache.read(place)
        window = self.window(mask.shape, int(row), int(column), rng)
        labels = cut(mask, window, constant_values=UNLABELLED)
        pixels, labels = resized(cut(pixels, window, mode="edge"), labels, self.side)
        crop = Crop(pixels, cv2.LUT(labels, self.table), self.spec)
        return self.augmentation.change(crop, (self.seed, step, number))

    def _choose(self, rng: np.random.Generator) -> tuple[int, int]:
        """Return a picture and the channel around a pixel of which the crop is cut."""
        counts = self.survey.counts
        if len(self._newest) and rng.random() < self.fresh:
            return self._any(self._newest, rng)
        if rng.random() < self.augmentation.drawing.rare:
            channel = int(rng.choice(counts.shape[1], p=self._chances))
            return int(rng.choice(np.flatnonzero(counts[:, channel]))), channel
        return self._any(self._labelled, rng)

    def _any(self, places: NDArray[np.intp], rng: np.random.Generator) -> tuple[int, int]:
        """Return one of some pictures, and a channel by how many of its pixels are labelled."""
        place = int(rng.choice(places))
        counts = self.survey.counts[place]
        return place, int(rng.choice(len(counts), p=counts / counts.sum()))

    @cached_property
    def _newest(self) -> NDArray[np.intp]:
        """The pictures with new labels, where any crops are to be cut from these."""
        return np.intersect1d(self.newest, self._labelled) if self.fresh else self._labelled[:0]

    @cached_property
    def _chances(self) -> NDArray[np.float64]:
        """How likely each class is drawn by itself."""
        totals = self.survey.counts.sum(0)
        chances = np.where(totals > 0, np.maximum(totals, 1.0) ** -0.25, 0)
        return np.asarray(chances / chances.sum())

    @cached_property
    def _labelled(self) -> NDArray[np.intp]:
        return np.flatnonzero(self.survey.counts.any(1))

    def window(
        self, shape: tuple[int, ...], row: int, column: int, rng: np.random.Generator
    ) -> Box:
        """Return a square around a pixel; it stays inside the picture where that is possible."""
        zoom = self.augmentation.drawing.zoom
        widest = max(self.side, min(shape))
        lowest = max(1 / zoom, self.side / widest)
        side = round(self.side / np.exp(rng.uniform(np.log(lowest), np.log(max(zoom, lowest)))))
        top, left = (
            _start(at, side, length, rng) for at, length in zip((row, column), shape, strict=True)
        )
        return Box(top, left, top + side, left + side)


def resized(pixels: Pixels, mask: Ids, side: int) -> tuple[Pixels, Ids]:
    """Return a square piece of picture and mask at another size; labels are never mixed."""
    import cv2

    if pixels.shape[:2] == (side, side):
        return pixels, mask
    shrink = pixels.shape[0] > side
    kind = cv2.INTER_AREA if shrink else cv2.INTER_LINEAR
    made = by_bands(pixels, lambda part: cv2.resize(part, (side, side), interpolation=kind))
    labels = cv2.resize(
        np.ascontiguousarray(mask), (side, side), interpolation=cv2.INTER_NEAREST_EXACT
    )
    return made, np.asarray(labels, np.uint8)


def cut(array: NDArray[Any], window: Box, **fill: Any) -> NDArray[Any]:
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
