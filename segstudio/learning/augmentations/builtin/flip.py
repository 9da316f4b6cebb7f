"""Mirrored crops."""

from dataclasses import dataclass, field, replace
from typing import ClassVar

import numpy as np

from segstudio.learning.augment import Augmenter, Crop, augmenters


@augmenters.add
@dataclass(frozen=True)
class Flip(Augmenter):
    """Mirrors every other crop."""

    title: ClassVar[str] = "Mirror"
    order: ClassVar[int] = 2

    down: bool = field(
        default=False,
        metadata={"label": "Upside down too", "help": "For pictures without an up, as from above"},
    )

    def change(self, crop: Crop, rng: np.random.Generator) -> Crop:
        across, down = rng.random(2) < 0.5
        pixels, mask = crop.pixels, crop.mask
        if across:
            pixels, mask = pixels[:, ::-1], mask[:, ::-1]
        if down and self.down:
            pixels, mask = pixels[::-1], mask[::-1]
        return replace(crop, pixels=pixels, mask=mask)
