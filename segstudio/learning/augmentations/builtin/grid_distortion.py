"""Crops drawn out in some places and pushed together in others."""

from dataclasses import dataclass, field, replace
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from segstudio.learning.augment import Augmenter, Crop, augmenters
from segstudio.learning.augmentations.bands import by_bands
from segstudio.learning.augmentations.fields import share_field

CELLS = 5
"""Along each side, as the usual implementations have it."""


@augmenters.add
@dataclass(frozen=True)
class GridDistortion(Augmenter):
    """Moves the lines of a grid; the edges of the crop stay, so that nothing is left empty."""

    title: ClassVar[str] = "Grid distortion"
    order: ClassVar[int] = 4

    amount: float = field(
        default=0.3,
        metadata={
            "label": "Amount",
            "range": (0, 0.9),
            "step": 0.05,
            "help": "By how much of its width a cell of the grid may grow or shrink",
        },
    )
    share: float = share_field(0.5)

    def change(self, crop: Crop, rng: np.random.Generator) -> Crop:
        import cv2

        if rng.random() >= self.share:
            return crop
        height, width = crop.mask.shape
        down, across = self._line(height, rng), self._line(width, rng)
        columns, rows = np.meshgrid(across, down)
        pixels = by_bands(
            crop.pixels,
            lambda part: cv2.remap(
                part, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
            ),
        )
        # Labels are never mixed, and a cell moves rows and columns as wholes.
        mask = crop.mask[np.rint(down).astype(int)][:, np.rint(across).astype(int)]
        return replace(crop, pixels=pixels, mask=mask)

    def _line(self, length: int, rng: np.random.Generator) -> NDArray[np.float32]:
        """Return for each row or column from where it is taken."""
        cells = 1 + rng.uniform(-self.amount, self.amount, CELLS)
        moved = np.concatenate([[0], np.cumsum(cells)]) * ((length - 1) / cells.sum())
        even = np.linspace(0, length - 1, CELLS + 1)
        return np.asarray(np.interp(np.arange(length), even, moved), np.float32)
