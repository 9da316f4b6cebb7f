"""Superpixels joined until few regions are left."""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from segstudio.domain.task import Part, Task
from segstudio.imaging.adjacency import Borders
from segstudio.imaging.lab import Rgb
from segstudio.imaging.lattice import colours
from segstudio.imaging.region_merging import merged
from segstudio.imaging.slic import superpixels
from segstudio.methods.regional import Labels, Regional, means_of
from segstudio.methods.segmenter import segmenters


@segmenters.add
@dataclass(frozen=True)
class Merging(Regional):
    """Joins neighbouring superpixels, the most alike along the longest border first.

    See `merged` for the rule and its source.
    """

    title: ClassVar[str] = "Region merging"
    most: ClassVar[int] = 400_000  # about ten thousand superpixels to begin with

    count: int = field(
        default=40,
        metadata={"label": "Segments", "range": (2, 2000), "help": "how many are left a picture"},
    )
    size: int = field(
        default=10,
        metadata={"label": "Start from", "range": (6, 200),
                  "help": "side of the superpixels to begin with, in pixels of the picture"},
    )  # fmt: skip

    def cut(self, rgb: Rgb, scale: float, task: Task) -> Labels:
        start = superpixels(rgb, max(round(self.size / scale), 1), 10, Part(task, 0, 3))
        means, areas = means_of(start, colours(rgb), None, Part(task, 1, 3))
        number = merged(means, areas, Borders.of(start), self.count, Part(task, 2, 3))
        return np.asarray(number[start])
