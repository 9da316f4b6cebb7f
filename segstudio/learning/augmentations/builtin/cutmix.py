"""Pieces of one crop in another (CutMix, Yun et al. 2019, arXiv 1905.04899)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from segstudio.learning.augment import Augmenter, Crop, augmenters
from segstudio.learning.augmentations.fields import share_field


@augmenters.add
@dataclass(frozen=True)
class CutMix(Augmenter):
    """Pastes a rectangle of another crop of the step into some crops, its labels with it."""

    title: ClassVar[str] = "CutMix"
    order: ClassVar[int] = 10

    share: float = share_field(0.5)

    def mix(self, crops: Sequence[Crop], rng: np.random.Generator) -> Sequence[Crop]:
        return [self._mixed(crops, place, rng) for place in range(len(crops))]

    def _mixed(self, crops: Sequence[Crop], place: int, rng: np.random.Generator) -> Crop:
        chance, area, *middle = rng.random(4)
        other = crops[(place + 1 + int(rng.integers(max(1, len(crops) - 1)))) % len(crops)]
        crop = crops[place]
        if chance >= self.share or other is crop:
            return crop
        rows, columns = (
            _piece(length, at, np.sqrt(area))
            for length, at in zip(crop.mask.shape, middle, strict=True)
        )
        kind = np.promote_types(crop.pixels.dtype, other.pixels.dtype)
        pixels, mask = crop.pixels.astype(kind), crop.mask.copy()
        pixels[rows, columns] = other.pixels[rows, columns]
        mask[rows, columns] = other.mask[rows, columns]
        return replace(crop, pixels=pixels, mask=mask)


def _piece(length: int, middle: float, share: float) -> slice:
    """Return a share of a side around a place of 0…1, as far as it lies inside."""
    half = share * length / 2
    return slice(max(0, round(middle * length - half)), round(middle * length + half))
