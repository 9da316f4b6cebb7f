"""Groups of colours as they are kept: a table from colours to groups, or centres to compare with.

All segmenters that group colours end in this one state.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.task import Task
from segstudio.domain.tiles import Ids
from segstudio.domain.tiling import Tile
from segstudio.methods.colours import BITS, Codes, ColourHistogram, Encoding, bins_of, middle_of
from segstudio.methods.greys import usable, weights
from segstudio.methods.samples import QUIET

Label = Callable[[NDArray[np.float64]], NDArray[np.integer]]
"""What says which group each of n × bands colours (0…255) belongs to."""


class Rule(Protocol):
    """What says of each pixel by itself which group it belongs to."""

    def label(self, codes: Codes, tile: Tile, task: Task) -> Ids:
        """Label the codes of a tile; the result must not depend on the tile's shape."""


@dataclass(frozen=True, eq=False)
class Clusters:
    """Groups of colours: their mean colours from dark to light, as codes of the encoding.

    ``table`` gives each colour bin's group. None where a colour alone does not say it, or for
    pictures of more than three bands: then the ``rule`` says
    it, pixel by pixel.
    """

    encoding: Encoding
    centres: NDArray[np.float64]
    table: NDArray[np.uint8] | None
    rule: Rule | None = None

    @property
    def colours(self) -> NDArray[np.float64]:
        """The centres, clusters × bands, in the picture's own numbers."""
        return self.encoding.decode(self.centres)

    def label(self, tile: Tile, task: Task = QUIET) -> Ids:
        """Return each pixel's group; 255 where it is not valid."""
        codes = self.encoding.encode(tile.pixels)
        if self.table is not None:
            ids = self.table.take(bins_of(codes), mode="clip")
        else:
            assert self.rule is not None
            ids = self.rule.label(codes, tile, task)
        valid = usable(tile)
        if valid is not None:
            ids[~valid] = UNLABELLED
        return ids


class Clustering:
    """What all segmenters have in common whose state is `Clusters`."""

    def apply(self, tile: Tile, state: Clusters, task: Task = QUIET) -> Ids:
        return state.label(tile, task)

    def regions(self, state: Clusters) -> int:
        return len(state.centres)


def by_lightness(
    found: ColourHistogram, ids: NDArray[np.integer]
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return the groups that hold colours, from dark to light, and their mean colours."""
    number = np.bincount(ids, found.counts)
    bands = found.colours.shape[1]
    sums = [np.bincount(ids, found.colours[:, b] * found.counts) for b in range(bands)]
    held = np.flatnonzero(number)
    means = np.stack([total[held] / number[held] for total in sums], 1)
    lightness = found.encoding.decode(means) @ np.array(weights(bands))
    order = np.argsort(lightness, kind="stable")
    return held[order], means[order]


def table_of(found: ColourHistogram, label: Label) -> NDArray[np.uint8] | None:
    """Return the group of each bin; None where the colours are not counted in bins.

    Colours that the samples lack go by the middle of their bin, the others by the mean of those
    that lie in it.
    """
    if found.bins is None:
        return None
    bands = found.encoding.bands
    table = label(middle_of(1 << (BITS[bands] * bands), bands)).astype(np.uint8)
    table[found.bins] = label(found.colours)
    return table
