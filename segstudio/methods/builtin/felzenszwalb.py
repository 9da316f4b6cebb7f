"""Regions whose inner differences are smaller than those at their borders."""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from segstudio.domain.task import Task
from segstudio.imaging.lab import Rgb
from segstudio.methods.regional import Labels, Regional
from segstudio.methods.segmenter import segmenters


@segmenters.add
@dataclass(frozen=True)
class Felzenszwalb(Regional):
    """Joins neighbouring pixels unless their border stands out from what lies within.

    Source: P. Felzenszwalb and D. Huttenlocher, Efficient graph-based image segmentation, 2004,
    whose values for photographs are the first settings.
    """

    title: ClassVar[str] = "Felzenszwalb"
    most: ClassVar[int] = 300_000  # the library hears no Cancel: a quarter of a second

    scale: float = field(
        default=300.0,
        metadata={"label": "Scale", "range": (1, 5000), "step": 10.0,
                  "help": "the larger, the larger the segments"},
    )  # fmt: skip
    smoothing: float = field(
        default=0.8,
        metadata={"label": "Smoothing", "range": (0, 10), "step": 0.1,
                  "help": "width of a Gaussian over the picture, in its pixels"},
    )  # fmt: skip
    least: int = field(
        default=20,
        metadata={"label": "Smallest", "range": (1, 100_000),
                  "help": "in pixels of the picture; smaller ones are joined with a neighbour"},
    )  # fmt: skip

    def cut(self, rgb: Rgb, scale: float, task: Task) -> Labels:
        from skimage.segmentation import felzenszwalb

        task.report(0, 1, "Joining pixels")
        # The paper's scale is weighed against areas, yet does not follow them: street pictures
        # reduced twice and three times gave as many segments at the same scale (within 20 %),
        # with its square three to five times as many.
        found = felzenszwalb(
            rgb,
            scale=self.scale,
            sigma=self.smoothing / scale,
            min_size=max(round(self.least / scale**2), 1),
        )
        return np.asarray(found, np.int32)
