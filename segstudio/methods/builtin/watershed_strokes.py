"""The basins of the picture's gradient, flooded from strokes."""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.task import Task
from segstudio.domain.tiling import Valid
from segstudio.imaging.lab import Rgb
from segstudio.imaging.slopes import Slopes
from segstudio.methods.segmenter import segmenters
from segstudio.methods.spreading import Labels, Spreading

FINE = 16
"""Steps of the steepness to a ΔE a pixel."""


@segmenters.add
@dataclass(frozen=True)
class WatershedStrokes(Spreading):
    """Floods the gradient from the strokes: classes meet where the picture changes most.

    Everything that strokes enclose, or lie nearest to, gets their class (Meyer and Beucher 1990;
    with compactness: Neubert and Protzel 2014).
    """

    title: ClassVar[str] = "Watershed from strokes"

    smoothing: float = field(
        default=1.0,
        metadata={"label": "Smoothing", "range": (0, 20), "step": 0.5,
                  "help": "width of the Gaussian before the gradient, in pixels of the picture"},
    )  # fmt: skip
    compactness: float = field(
        default=0.0,
        metadata={"label": "Compactness", "range": (0, 10), "step": 0.1,
                  "help": "0 goes by edges alone; the larger, the more by distance"},
    )  # fmt: skip

    def spread(self, rgb: Rgb, seeds: Labels, valid: Valid, scale: float, task: Task) -> Labels:
        task.report(0, 3, "Looking for edges")
        from skimage.segmentation import watershed

        task.report(0, 3, "Looking for edges")  # importing takes its time
        heights = heights_of(rgb, self.smoothing / scale)
        task.report(1, 3, "Flooding from the strokes")
        near = self.compactness * scale * FINE / 10
        found = watershed(heights, seeds.astype(np.int32) + 1, compactness=near)
        task.report(2, 3, "Flooding from the strokes")
        return (np.asarray(found) - 1).astype(np.int8)


def heights_of(rgb: Rgb, smoothing: float) -> NDArray[np.int32]:
    """Return the steepness in whole steps, so that floods meet half way where all is flat."""
    return np.rint(Slopes.of(rgb, smoothing).steepness() * FINE).astype(np.int32)
