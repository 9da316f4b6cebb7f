"""Brighter and darker, harder and softer."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from segstudio.learning.augment import Augmenter, Crop, augmenters
from segstudio.learning.augmentations.fields import strength_field

WIDEST = 0.2
"""At strength 1: of the contrast, and of the whole range of brightness."""


@augmenters.add
@dataclass(frozen=True)
class Contrast(Augmenter):
    """Changes brightness and contrast by up to a fifth."""

    title: ClassVar[str] = "Brightness, contrast"
    order: ClassVar[int] = 6

    strength: float = strength_field("1: each up to a fifth either way")

    def change(self, crop: Crop, rng: np.random.Generator) -> Crop:
        import cv2

        contrast, brightness = rng.uniform(-WIDEST, WIDEST, 2) * self.strength
        gain = np.float32(1 + contrast)
        if crop.pixels.dtype == np.uint8:
            middle = crop.middle.mean()
            ramp = np.arange(256, dtype=np.float32)
            table = (ramp - middle) * gain + middle + brightness * 255
            table = np.clip(table.round(), 0, 255).astype(np.uint8)
            pixels = cv2.LUT(np.ascontiguousarray(crop.pixels), table)
            return replace(crop, pixels=pixels.reshape(crop.pixels.shape))
        offset = crop.middle * (1 - gain) + crop.span * np.float32(brightness)
        return replace(crop, pixels=crop.pixels.astype(np.float32) * gain + offset)
