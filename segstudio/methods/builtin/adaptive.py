"""A threshold of its own for every pixel, from what surrounds it."""

from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.task import Task
from segstudio.domain.tiles import Ids
from segstudio.domain.tiling import Tile, Valid
from segstudio.methods.channels import channel_values
from segstudio.methods.greys import FILL, usable
from segstudio.methods.samples import QUIET, Samples
from segstudio.methods.segmenter import Family, Seeds, segmenters
from segstudio.methods.thresholding import CHANNEL

LEVELS = (1 << 18) - 1
"""Steps to which numbers that are not whole are rounded.

All sums are then of whole numbers and below 2⁵³ (255² squares of 18 bits), so exact: the result
does not depend on where a tile begins, and a constant area is exactly its own mean.
"""

TOP = 1024
"""The middle weight of the Gaussian, whose weights are whole numbers too."""

ROWS = 256
"""Rows that are worked on at once; between them it can be cancelled."""

Plane = NDArray[np.float64]


@dataclass(frozen=True)
class Surroundings:
    """The state of the adaptive threshold: how values of a channel become whole numbers.

    ``spread`` is half the range of the numbers, to which Sauvola relates the deviation.
    """

    channel: str
    low: float
    step: float
    spread: float

    def numbers(self, values: NDArray[Any]) -> Plane:
        """Return values as whole numbers from 0."""
        if values.dtype.kind == "u":
            return values.astype(np.float64)
        exact = np.where(np.abs(values) < FILL, values, self.low).astype(np.float64)
        return np.rint((exact - self.low) / self.step)


@segmenters.add
@dataclass(frozen=True)
class Adaptive:
    """Cuts each pixel at a threshold from its surroundings, where light is uneven.

    Region 1 is lighter than the mean or the Gaussian mean around it, less an offset; or than
    Sauvola's mean · (1 + k · (deviation / half the range − 1)), made for text on paper
    (J. Sauvola and M. Pietikäinen, Adaptive document image binarization, 2000). Only valid pixels
    count as surroundings.
    """

    title: ClassVar[str] = "Adaptive"
    family: ClassVar[Family] = "Thresholds"
    seeds: ClassVar[Seeds] = "none"
    learns: ClassVar[bool] = True
    whole: ClassVar[bool] = False

    channel: str = field(default="grey", kw_only=True, metadata=CHANNEL)
    method: Literal["mean", "gaussian", "sauvola"] = field(
        default="mean", metadata={"label": "Threshold", "help": "what it is made of"}
    )
    window: int = field(
        default=51,
        metadata={"label": "Window", "range": (3, 255), "step": 2,
                  "help": "side of the surroundings, in pixels of the picture"},
    )  # fmt: skip
    offset: float = field(
        default=0.0,
        metadata={"label": "Offset", "help": "how far the threshold lies below the mean, "
                  "in the picture's own units"},
    )  # fmt: skip
    k: float = field(
        default=0.2,
        metadata={"label": "k (Sauvola)", "range": (0, 1), "step": 0.05,
                  "help": "how far the threshold falls where nothing stands out"},
    )  # fmt: skip

    @property
    def halo(self) -> int:
        return self.window // 2 + 1

    def fit(self, samples: Samples, task: Task) -> Surroundings:
        found = samples.histogram(task, self.channel)
        low, high = float(found.edges[0]), float(found.edges[-1])
        if not found.whole:
            return Surroundings(self.channel, low, (high - low) / LEVELS, LEVELS / 2)
        eight = len(found.counts) * found.width <= 256
        return Surroundings(self.channel, 0, 1, 127.5 if eight else (high - low) / 2)

    def apply(self, tile: Tile, state: Surroundings, task: Task = QUIET) -> Ids:
        numbers = state.numbers(channel_values(tile.pixels, state.channel))
        valid = usable(tile)
        if valid is not None:
            numbers[~valid] = 0
        kernel = self._kernel(tile.scale)
        reach, height = len(kernel) // 2, len(numbers)
        ids = np.empty(numbers.shape, np.uint8)
        for top in range(0, height, ROWS):
            task.report(top, height, "Comparing with the surroundings")
            bottom = min(top + ROWS, height)
            first, last = max(top - reach, 0), min(bottom + reach, height)
            inside = slice(top - first, bottom - first)
            part = numbers[first:last]
            known = None if valid is None else valid[first:last]
            ids[top:bottom] = self._above(part, known, kernel, state)[inside]
        if valid is not None:
            ids[~valid] = UNLABELLED
        return ids

    def regions(self, state: Surroundings) -> int:
        return 2

    def _kernel(self, scale: float) -> Plane:
        """Return the whole weights along one side of a window on pixels reduced by ``scale``."""
        side = max(round((self.window | 1) / scale), 1) | 1
        if self.method != "gaussian" or side == 1:
            return np.ones(side)
        places = np.arange(side) - side // 2
        return np.asarray(np.rint(TOP * np.exp(-0.5 * (places / ((side - 1) / 6)) ** 2)))

    def _above(
        self, numbers: Plane, valid: Valid | None, kernel: Plane, state: Surroundings
    ) -> NDArray[np.bool_]:
        weight = _weights(numbers.shape, valid, kernel)
        np.maximum(weight, 1, out=weight)
        mean = _sums(numbers, kernel) / weight
        if self.method != "sauvola":
            return np.asarray(numbers > mean - self.offset / state.step)
        squares = _sums(numbers * numbers, kernel) / weight
        deviation = np.sqrt(np.maximum(squares - mean * mean, 0))
        return np.asarray(numbers > mean * (1 + self.k * (deviation / state.spread - 1)))


def _weights(shape: tuple[int, ...], valid: Valid | None, kernel: Plane) -> Plane:
    """Return how much lies in each pixel's window: what is beyond the tile counts as nothing."""
    if valid is not None:
        return _sums(valid.astype(np.float64), kernel)
    down, across = (_sums(np.ones((side, 1)), kernel)[:, 0] for side in shape)
    return np.asarray(np.outer(down / kernel[len(kernel) // 2], across / kernel[len(kernel) // 2]))


def _sums(plane: Plane, kernel: Plane) -> Plane:
    """Return the weighted sums over windows around each pixel, exact for whole numbers."""
    import cv2

    if (kernel == 1).all():
        size = (len(kernel), len(kernel))
        return np.asarray(
            cv2.boxFilter(plane, cv2.CV_64F, size, normalize=False, borderType=cv2.BORDER_CONSTANT)
        )
    return np.asarray(
        cv2.sepFilter2D(plane, cv2.CV_64F, kernel, kernel, borderType=cv2.BORDER_CONSTANT)
    )
