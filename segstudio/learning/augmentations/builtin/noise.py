"""Noise of a camera (Valishin et al. 2025)."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from segstudio.learning.augment import Augmenter, Crop, augmenters
from segstudio.learning.augmentations.fields import strength_field

VARIANCE = 0.04
"""The highest at strength 1, for pixels of 0…1."""


@augmenters.add
@dataclass(frozen=True)
class Noise(Augmenter):
    """Adds Gaussian noise of a variance drawn between 0 and 0.04, for pixels of 0…1."""

    title: ClassVar[str] = "Noise"
    order: ClassVar[int] = 8

    strength: float = strength_field(
        "1: variance up to 0.04 of pixels of 0…1; the deviation goes with the strength", most=1
    )

    def change(self, crop: Crop, rng: np.random.Generator) -> Crop:
        import cv2

        deviation = np.float32(np.sqrt(rng.uniform(0, VARIANCE)) * self.strength)
        noise = np.empty(crop.pixels.shape, np.float32)
        # Three times as fast as NumPy; each thread has a generator of its own in there.
        cv2.setRNGSeed(int(rng.integers(2**31)))
        cv2.randn(noise.reshape(-1, 1), 0, 1)
        noise *= deviation * crop.span
        if crop.pixels.dtype == np.uint8:
            pixels = np.ascontiguousarray(crop.pixels)
            # Rounds, and stays within 0…255.
            noisy = cv2.add(pixels.reshape(-1, 1), noise.reshape(-1, 1), dtype=cv2.CV_8U)
            return replace(crop, pixels=noisy.reshape(pixels.shape))
        return replace(crop, pixels=crop.pixels.astype(np.float32) + noise)
