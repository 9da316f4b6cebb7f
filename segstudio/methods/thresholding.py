"""What all segmenters have in common that cut the grey values at thresholds."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.task import Task
from segstudio.domain.tiles import Ids
from segstudio.domain.tiling import Tile
from segstudio.methods.channels import channel_values, check_channel
from segstudio.methods.greys import usable
from segstudio.methods.samples import QUIET
from segstudio.methods.segmenter import Family, Seeds


@dataclass(frozen=True)
class Thresholds:
    """The state of a threshold segmenter: rising values of a channel, in its own units.

    A pixel's region is the number of thresholds that it is greater than.
    """

    thresholds: tuple[float, ...]
    channel: str = "grey"


CHANNEL = {
    "label": "Channel",
    "help": "what is cut: grey, red, hue, lightness, band4, ndvi, nd(4,1) …",
    "fits": check_channel,
}
"""The metadata of a setting that names a channel."""


@dataclass(frozen=True)
class Thresholding:
    """Base of the threshold segmenters: only `fit` differs between them."""

    family: ClassVar[Family] = "Thresholds"
    seeds: ClassVar[Seeds] = "none"
    learns: ClassVar[bool] = True
    whole: ClassVar[bool] = False
    halo: ClassVar[int] = 0

    channel: str = field(default="grey", kw_only=True, metadata=CHANNEL)

    def apply(self, tile: Tile, state: Thresholds, task: Task = QUIET) -> Ids:
        ids = _regions_of(channel_values(tile.pixels, state.channel), state.thresholds)
        valid = usable(tile)
        if valid is not None:
            ids[~valid] = UNLABELLED
        return ids

    def regions(self, state: Thresholds) -> int:
        return len(state.thresholds) + 1


def thresholds_of(state: object) -> tuple[float, ...]:
    """Return the thresholds that a state holds; none for other segmenters' states."""
    return state.thresholds if isinstance(state, Thresholds) else ()


def _regions_of(values: NDArray[Any], thresholds: tuple[float, ...]) -> Ids:
    if values.dtype == np.uint8:
        import cv2

        table = np.searchsorted(thresholds, np.arange(256), side="left").astype(np.uint8)
        return np.asarray(cv2.LUT(np.ascontiguousarray(values), table))
    ids = np.zeros(values.shape, np.uint8)
    for threshold in thresholds:
        ids += values > _limit(threshold, values.dtype)
    return ids


def _limit(threshold: float, dtype: "np.dtype[Any]") -> Any:
    """Return a threshold as a number that compares fast and exactly with that dtype."""
    if dtype.kind == "u":
        return np.int32(np.clip(np.floor(threshold), -1, 65536))
    return np.float64(threshold)
