"""Traces of compression."""

from dataclasses import dataclass, field, replace
from typing import ClassVar

import numpy as np

from segstudio.learning.augment import Augmenter, Crop, augmenters
from segstudio.learning.augmentations.fields import share_field

BEST = 95


@augmenters.add
@dataclass(frozen=True)
class Jpeg(Augmenter):
    """Compresses some crops as JPEG does, in pictures of 8 bits with one or three bands."""

    title: ClassVar[str] = "JPEG"
    order: ClassVar[int] = 9

    lowest: int = field(
        default=40,
        metadata={"label": "Lowest quality", "range": (5, BEST), "help": "The best is 95"},
    )
    share: float = share_field(0.3)

    def change(self, crop: Crop, rng: np.random.Generator) -> Crop:
        import cv2

        quality = int(rng.integers(self.lowest, BEST + 1))
        fits = crop.pixels.dtype == np.uint8 and crop.pixels.shape[2] in (1, 3)
        if rng.random() >= self.share or not fits:
            return crop
        # Which of three bands is called blue makes a small difference to the compression alone.
        data = cv2.imencode(".jpg", crop.pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        pixels = np.asarray(cv2.imdecode(data, cv2.IMREAD_UNCHANGED))
        return replace(crop, pixels=pixels.reshape(crop.pixels.shape))
