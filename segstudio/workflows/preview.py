"""What a segmenter would say of a picture, fast enough to follow a slider."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.task import Task
from segstudio.domain.tiles import Ids, Key, LayerBuilder, Packed
from segstudio.domain.tiling import Tile
from segstudio.methods.histogram import Histogram
from segstudio.methods.run import segment
from segstudio.methods.samples import Samples
from segstudio.methods.segmenter import Segmenter
from segstudio.methods.thresholding import thresholds_of
from segstudio.store.pictures import Picture
from segstudio.workflows.items import OpenItem

PIXELS = 1_500_000
"""Pixels of a preview, at most: about what a screen shows."""


@dataclass(frozen=True)
class Regions:
    """Region numbers over ``box`` of the picture, reduced in size, and what was learned."""

    box: Box
    ids: Ids
    count: int
    thresholds: tuple[float, ...]
    state: Any


class Previewer:
    """Previews of one picture; what is learned from all its pixels is learned once."""

    def __init__(self, picture: Picture) -> None:
        self._picture = picture
        self.samples = Samples([OpenItem(picture)])
        self._reduced: Tile | None = None

    def histogram(self, task: Task, channel: str = "grey") -> Histogram:
        """Return the histogram of a channel."""
        return self.samples.histogram(task, channel)

    def regions(self, segmenter: Segmenter, task: Task) -> Regions:
        """Fit to the whole picture, apply to a reduced one."""
        return self.shown(segmenter, segmenter.fit(self.samples, task), task)

    def shown(self, segmenter: Segmenter, state: Any, task: Task) -> Regions:
        """Return what a state says of the reduced picture."""
        tile = self._tile()
        ids = segmenter.apply(tile, state, task)
        thresholds = thresholds_of(state)
        return Regions(tile.box, ids, segmenter.regions(state), thresholds, state)

    def _tile(self) -> Tile:
        if self._reduced is None:
            info = self._picture.info
            stride = 1
            while info.height * info.width > PIXELS * stride * stride:
                stride *= 2
            box = Box(0, 0, info.height, info.width)
            found = self._picture.read(box, stride)
            self._reduced = Tile(found.pixels, box, found.valid)
        return self._reduced


def proposal_tiles(
    segmenter: Segmenter, state: Any, picture: Picture, mapping: Mapping[int, int], task: Task
) -> dict[Key, Packed]:
    """Segment the whole picture; return the tiles of its proposal.

    ``mapping`` gives regions their classes; a region without one stays unlabelled.
    """
    table = np.full(256, UNLABELLED, np.uint8)
    for region, id in mapping.items():
        table[region] = id
    table[UNLABELLED] = UNLABELLED
    opened = OpenItem(picture)
    builder = LayerBuilder(opened.height, opened.width)
    for box, ids in segment(segmenter, state, opened, task):
        builder.write(box, table[ids])
    return builder.finish()
