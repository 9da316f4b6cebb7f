"""Pictures of any bands and numbers as colours of 8 bits, for methods that look at edges."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.task import Task, track
from segstudio.domain.tiling import Tile, Valid
from segstudio.imaging.lab import Rgb
from segstudio.methods.colours import Codes, ColourHistogram, Encoding

ROWS = 256
"""Rows that are mixed at once."""

ORDER = (1, 0, 2)
"""Which of red, green and blue shows the strongest mixture, the next, and the third: as eyes,
and greys, weigh them."""


@dataclass(frozen=True, eq=False)
class Showing:
    """How a picture becomes three bands of 8 bits.

    One and three bands are shown as they are; of others the three mixtures in which they vary
    most (principal components, Pearson 1901).
    """

    encoding: Encoding
    mixing: NDArray[np.float32] | None = None
    """Bands + 1 × 3: factors of the codes, and what is added."""

    @classmethod
    def of(cls, found: ColourHistogram) -> "Showing":
        bands = found.encoding.bands
        return cls(found.encoding, None if bands in (1, 3) else _mixing(found))

    def rgb(self, codes: Codes, valid: Valid | None, task: Task) -> Rgb:
        """Return colours for the codes of a picture; invalid pixels get the mean of the others."""
        import cv2

        if codes.shape[2] == 1:
            shown = np.asarray(cv2.cvtColor(np.ascontiguousarray(codes), cv2.COLOR_GRAY2RGB))
        elif self.mixing is None:
            shown = codes if valid is None else codes.copy()
        else:
            shown = np.empty((*codes.shape[:2], 3), np.uint8)
            for top in track(task, range(0, len(codes), ROWS), "Mixing the bands"):
                mixed = codes[top : top + ROWS] @ self.mixing[:-1] + self.mixing[-1]
                shown[top : top + ROWS] = np.clip(np.rint(mixed), 0, 255)
        if valid is not None:
            shown[~valid] = np.rint(shown[valid].mean(0)) if valid.any() else 0
        return shown

    def codes(self, tile: Tile) -> Codes:
        """Return the tile's pixels as 8 bits a band."""
        return self.encoding.encode(tile.pixels)


def _mixing(found: ColourHistogram) -> NDArray[np.float32]:
    bands = found.encoding.bands
    share = found.counts / found.counts.sum()
    middle = share @ found.colours
    away = found.colours - middle
    ways = np.linalg.eigh((away * share[:, None]).T @ away)[1][:, ::-1][:, :3]
    ways = ways * np.where(ways.sum(0) < 0, -1, 1)  # so that light stays light
    reach = max(float(np.abs(away @ ways[:, 0]).max()), 1.0)
    mixing = np.zeros((bands + 1, 3))
    for place, way in zip(ORDER, ways.T, strict=False):
        mixing[:-1, place] = way * 127 / reach
        mixing[-1, place] = 128 - middle @ way * 127 / reach
    return mixing.astype(np.float32)
