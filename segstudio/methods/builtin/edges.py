"""Areas between edges, closed to regions (S2's boundary segmentation)."""

from dataclasses import dataclass, field
from typing import ClassVar, Literal

import numpy as np

from segstudio.domain.task import Task
from segstudio.imaging.lab import Rgb
from segstudio.imaging.slopes import Slopes
from segstudio.methods.regional import Labels, Regional
from segstudio.methods.segmenter import segmenters

LEAST = 0.1
"""The weakest change that can be an edge: ΔE a pixel."""


@segmenters.add
@dataclass(frozen=True)
class Edges(Regional):
    """Finds edges and lets the areas between them grow until they meet on these.

    Sobel's edges are where the picture changes most; Canny's are lines one pixel thin, the weak
    ones only where they go on from strong ones (Canny 1986). A gap in an edge that is narrower
    than ``gap`` is taken as closed.
    """

    title: ClassVar[str] = "Closed edges"

    most: ClassVar[int] = 600_000  # the library hears no Cancel: a third of a second

    detector: Literal["canny", "sobel"] = field(default="canny", metadata={"label": "Edges"})
    share: float = field(
        default=70.0,
        metadata={"label": "Plain", "range": (0, 99.9), "step": 1.0,
                  "help": "per cent of the pixels that change too little to be a strong edge"},
    )  # fmt: skip
    smoothing: float = field(
        default=1.5,
        metadata={"label": "Smoothing", "range": (0.5, 20), "step": 0.5,
                  "help": "width of the Gaussian before, in pixels of the picture"},
    )  # fmt: skip
    gap: float = field(
        default=3.0,
        metadata={"label": "Close gaps of", "range": (0, 100), "step": 1.0,
                  "help": "in pixels of the picture"},
    )  # fmt: skip
    least: int = field(
        default=20,
        metadata={"label": "Smallest", "range": (1, 100_000),
                  "help": "in pixels of the picture, without its edge"},
    )  # fmt: skip

    def cut(self, rgb: Rgb, scale: float, task: Task) -> Labels:
        import cv2
        from skimage.segmentation import watershed

        task.report(0, 3, "Looking for edges")
        slopes = Slopes.of(rgb, max(self.smoothing / scale, 0.5))
        steep = slopes.steepness()
        strong = max(float(np.percentile(steep, self.share)), LEAST)
        edges = steep > strong if self.detector == "sobel" else slopes.thin_edges(strong)
        task.report(1, 3, "Closing the edges")
        away = cv2.distanceTransform((~edges).view(np.uint8), cv2.DIST_L2, 5)
        apart = (away > self.gap / scale / 2).view(np.uint8)
        _, areas, stats, _ = cv2.connectedComponentsWithStats(apart, connectivity=4)
        large = stats[:, cv2.CC_STAT_AREA] >= self.least / scale**2
        large[0] = False
        if not large.any():
            return np.zeros(edges.shape, np.int32)
        numbers = np.where(large, np.cumsum(large), 0).astype(np.int32)
        task.report(2, 3, "Closing the edges")
        return np.asarray(watershed(steep, numbers[areas]), np.int32) - 1
