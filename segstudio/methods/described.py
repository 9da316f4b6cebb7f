"""What is known of pixels: the features that were worked out of them, kept by picture."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.tiles import Key
from segstudio.domain.tiling import Valid
from segstudio.methods.colours import Encoding
from segstudio.methods.drawing import Places
from segstudio.methods.features.bank import Bank
from segstudio.methods.samples import Picture

Features = NDArray[np.float32]
"""Pixels × features."""


@dataclass(frozen=True, eq=False)
class Described:
    """What is known of some pixels of a tile of a picture, in the order of ``places``."""

    width: int
    places: Places
    features: Features
    valid: Valid

    @classmethod
    def empty(cls, width: int) -> "Described":
        """Make one of no pixel, of a picture of that width."""
        return cls(width, np.empty(0, np.intp), np.empty((0, 0), np.float32), np.empty(0, bool))

    def lacks(self, rows: Places, columns: Places) -> tuple[Places, Places]:
        """Return those of the pixels that are not known."""
        new = np.setdiff1d(rows * self.width + columns, self.places)
        return np.divmod(new, self.width)

    def with_more(
        self, rows: Places, columns: Places, features: Features, valid: Valid
    ) -> "Described":
        """Return one that knows these pixels too."""
        new = rows * self.width + columns
        if not len(self.places):
            return Described(self.width, new, features, valid)
        places = np.concatenate([self.places, new])
        order = np.argsort(places)
        return Described(
            self.width,
            places[order],
            np.concatenate([self.features, features])[order],
            np.concatenate([self.valid, valid])[order],
        )

    def of(self, rows: Places, columns: Places) -> tuple[Features, Valid]:
        """Return features and validity of pixels that are known."""
        where = np.searchsorted(self.places, rows * self.width + columns)
        return self.features[where], self.valid[where]


Name = tuple[Picture, Key | None, Bank, Encoding]

Known = dict[Name, Described]
"""By picture, tile (None: pixels from all over it), bank and encoding."""
