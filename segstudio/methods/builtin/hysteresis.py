"""A threshold that lets weak pixels in where they hang together with strong ones."""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.task import Task
from segstudio.domain.tiles import Ids
from segstudio.domain.tiling import Tile
from segstudio.errors import UserError
from segstudio.methods import histogram
from segstudio.methods.channels import channel_values
from segstudio.methods.greys import usable
from segstudio.methods.samples import QUIET, Samples
from segstudio.methods.segmenter import Family, Seeds, segmenters
from segstudio.methods.thresholding import CHANNEL, Thresholds

NEAR = 256
"""How far beyond a window a strong pixel is looked for, where a picture needs several."""


@segmenters.add
@dataclass(frozen=True)
class Hysteresis:
    """Keeps what is greater than the low threshold and joined to what is greater than the high.

    A threshold that is not given is found by Otsu's criterion for three regions. Pixels are
    joined by their four neighbours (J. Canny, A computational approach to edge detection, 1986).
    """

    title: ClassVar[str] = "Hysteresis"
    family: ClassVar[Family] = "Thresholds"
    seeds: ClassVar[Seeds] = "none"
    learns: ClassVar[bool] = True
    whole: ClassVar[bool] = True
    halo: ClassVar[int] = NEAR

    channel: str = field(default="grey", kw_only=True, metadata=CHANNEL)
    low: float | None = field(
        default=None,
        metadata={"label": "Low", "help": "in the picture's own units; found if not given"},
    )
    high: float | None = field(
        default=None,
        metadata={"label": "High", "help": "in the picture's own units; found if not given"},
    )

    def fit(self, samples: Samples, task: Task) -> Thresholds:
        found = samples.histogram(task, self.channel)
        cuts = histogram.multi_otsu(found.counts, 3) or (histogram.otsu(found.counts),)
        low = found.above(cuts[0]) if self.low is None else self.low
        high = found.above(cuts[-1]) if self.high is None else self.high
        if low > high and None not in (self.low, self.high):
            raise UserError("the low threshold lies above the high one", "exchange the two")
        # Next to a given threshold, one that was found never lies on its wrong side.
        low, high = (min(low, high), high) if self.low is None else (low, max(low, high))
        return Thresholds((low, high), self.channel)

    def apply(self, tile: Tile, state: Thresholds, task: Task = QUIET) -> Ids:
        low, high = state.thresholds
        values = channel_values(tile.pixels, state.channel)
        weak, strong = values > low, values > high
        valid = usable(tile)
        if valid is not None:
            weak &= valid
            strong &= valid
        task.report(0, 1, "Joining weak pixels to strong ones")
        ids = joined(weak, strong).view(np.uint8)
        if valid is not None:
            ids[~valid] = UNLABELLED
        return ids

    def regions(self, state: Thresholds) -> int:
        return 2


def joined(weak: NDArray[np.bool_], strong: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the connected parts of ``weak`` that hold anything of ``strong``."""
    import cv2

    count, labels = cv2.connectedComponents(weak.view(np.uint8), connectivity=4, ltype=cv2.CV_32S)
    kept = np.zeros(count, bool)
    kept[labels[strong]] = True
    kept[0] = False
    return np.asarray(kept[labels])
