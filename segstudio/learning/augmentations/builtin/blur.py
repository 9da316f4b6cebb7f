"""Crops out of focus."""

from dataclasses import dataclass, field, replace
from typing import ClassVar

import numpy as np

from segstudio.learning.augment import Augmenter, Crop, augmenters
from segstudio.learning.augmentations.bands import by_bands
from segstudio.learning.augmentations.fields import share_field


@augmenters.add
@dataclass(frozen=True)
class Blur(Augmenter):
    """Blurs some crops by a Gaussian of a random width."""

    title: ClassVar[str] = "Blur"
    order: ClassVar[int] = 7

    widest: float = field(
        default=1.5,
        metadata={
            "label": "Widest",
            "range": (0.2, 5),
            "step": 0.1,
            "help": "Standard deviation of the Gaussian in pixels",
        },
    )
    share: float = share_field(0.3)

    def change(self, crop: Crop, rng: np.random.Generator) -> Crop:
        import cv2

        width = rng.uniform(0.1, self.widest)
        if rng.random() >= self.share:
            return crop
        return replace(
            crop, pixels=by_bands(crop.pixels, lambda part: cv2.GaussianBlur(part, (0, 0), width))
        )
