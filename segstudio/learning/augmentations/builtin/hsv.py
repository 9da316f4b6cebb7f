"""Shifted colours (Valishin et al. 2025)."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from segstudio.learning.augment import Augmenter, Crop, augmenters
from segstudio.learning.augmentations.fields import strength_field

HUE, SATURATION, VALUE = 30, 0.15, 0.15
"""The widest shifts at strength 1, in degrees and as shares of the whole range."""

GREY = 8
"""Saturation of 0…255 below which a pixel has no hue worth the name."""


@augmenters.add
@dataclass(frozen=True)
class HSV(Augmenter):
    """Shifts hue by up to 30 degrees, saturation and value by up to 0.15, in pictures of 8 bits."""

    title: ClassVar[str] = "Colour shift"
    order: ClassVar[int] = 5

    strength: float = strength_field(
        "1: hue up to 30°, saturation and brightness up to 0.15 either way"
    )

    def change(self, crop: Crop, rng: np.random.Generator) -> Crop:
        import cv2

        hue, saturation, value = rng.uniform(-1, 1, 3) * self.strength
        if not crop.rgb:
            return crop
        # OpenCV's 8-bit hue counts 180 steps of 2 degrees.
        hsv = cv2.cvtColor(np.ascontiguousarray(crop.pixels), cv2.COLOR_RGB2HSV)
        ramp = np.arange(256)
        tables = (
            (ramp + round(hue * HUE / 2)) % 180,
            # Grey pixels have no hue: their saturation stays, or they would turn red.
            np.where(ramp < GREY, ramp, np.clip(ramp + saturation * SATURATION * 255, 0, 255)),
            np.clip(ramp + value * VALUE * 255, 0, 255),
        )
        shifted = cv2.LUT(hsv, np.stack(tables, 1).round().astype(np.uint8)[None])
        return replace(crop, pixels=np.asarray(cv2.cvtColor(shifted, cv2.COLOR_HSV2RGB)))
