"""Quarter turns (Valishin et al. 2025)."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from segstudio.learning.augment import Augmenter, Crop, augmenters


@augmenters.add
@dataclass(frozen=True)
class Rot90(Augmenter):
    """Turns a square crop by 0, 90, 180 or 270 degrees; for pictures without an up."""

    title: ClassVar[str] = "Quarter turns"
    order: ClassVar[int] = 3

    def change(self, crop: Crop, rng: np.random.Generator) -> Crop:
        quarters = int(rng.integers(4))
        return replace(
            crop, pixels=np.rot90(crop.pixels, quarters), mask=np.rot90(crop.mask, quarters)
        )
