"""Looking at the pixels that a classifier learns from: what each and its surroundings look like."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from segstudio.domain.geometry import Box
from segstudio.domain.task import Part, Task
from segstudio.domain.tiles import Ids
from segstudio.domain.tiling import Tile, Valid
from segstudio.errors import UserError
from segstudio.methods.colours import Encoding
from segstudio.methods.described import Described, Features, Known, Name
from segstudio.methods.drawing import Chosen, Places
from segstudio.methods.features.bank import Bank
from segstudio.methods.features.working import Numbers, worked_out
from segstudio.methods.greys import usable
from segstudio.methods.samples import Picture, Samples, nothing_valid

LOOKED_AT, REDUCED, OTHERS = 8, 65_536, 2000
"""How many pictures are looked at as a whole, how far reduced, and how many pixels of each."""


@dataclass(frozen=True)
class Seen:
    """Pixels to learn from: what they look like, and their class ids.

    ``others`` are pixels from all over the pictures, which nobody has said anything of.
    """

    features: Features
    ids: Ids
    others: Features


@dataclass(frozen=True)
class Looking:
    """A bank of filters, and how pictures become the whole numbers that it looks at."""

    bank: Bank
    encoding: Encoding

    def seen(self, samples: Samples, chosen: Sequence[Chosen], known: Known, task: Task) -> Seen:
        """Look at pixels drawn from the strokes; those that are ``known`` are not looked up again.

        What is new becomes known, and what has no part in it is forgotten. Raises `UserError`
        where there are no pixels, or no valid ones.
        """
        if not chosen:
            raise UserError(
                "there are no strokes to learn from", "paint a little of each class first"
            )
        features: list[Features] = []
        said: list[Ids] = []
        names: list[Name] = []
        for done, (place, key, rows, columns, ids) in enumerate(chosen):
            picture = samples.pictures[place]
            part = Part(task, done, 2 * len(chosen))
            names.append((picture, key, self.bank, self.encoding))
            here = known.get(names[-1]) or Described.empty(picture.width)
            new = here.lacks(rows, columns)
            if len(new[0]):
                here = here.with_more(*new, *self._described(picture, *new, part))
            known[names[-1]] = here
            found, valid = here.of(rows, columns)
            features.append(found[valid])
            said.append(ids[valid])
        others = self._others(samples, known, names, Part(task, 1, 2))
        for name in known.keys() - set(names):
            del known[name]
        seen = Seen(np.concatenate(features), np.concatenate(said), others)
        if not len(seen.ids):
            raise nothing_valid()
        return seen

    def _others(self, samples: Samples, known: Known, names: list[Name], task: Task) -> Features:
        """Look at pixels from all over some of the pictures, reduced; add their names."""
        stroked = list(dict.fromkeys(name[0] for name in names))
        some = stroked[:: -(-len(stroked) // LOOKED_AT)]
        found = []
        for done, picture in enumerate(some):
            part = Part(task, done, len(some), "Looking at the whole pictures")
            names.append((picture, None, self.bank, self.encoding))
            if names[-1] not in known:
                tile = samples.reduced(picture, REDUCED)
                planes = self.features_of(tile, part)
                valid = usable(tile)
                places = np.arange(planes[0].size) if valid is None else np.flatnonzero(valid)
                places = places[:: max(len(places) // OTHERS, 1) | 1]
                features = np.stack([plane.ravel()[places] for plane in planes], 1)
                known[names[-1]] = Described(0, places, features, np.ones(len(places), bool))
            found.append(known[names[-1]].features)
        return np.concatenate(found)

    def _described(
        self, picture: Picture, rows: Places, columns: Places, task: Task
    ) -> tuple[Features, Valid]:
        """Return the features of pixels that lie near each other, and which of them are valid."""
        image = Box(0, 0, picture.height, picture.width)
        low, high = (int(rows.min()), int(columns.min())), (int(rows.max()), int(columns.max()))
        area = Box(*low, high[0] + 1, high[1] + 1)
        reach = self.bank.reach(self.encoding.bands)
        tile = picture.read(area.grown(reach).clipped(image))
        y, x = rows - tile.box.top, columns - tile.box.left
        planes = self.features_of(tile, task)
        valid = usable(tile)
        good = np.ones(len(y), bool) if valid is None else valid[y, x]
        return np.stack([plane[y, x] for plane in planes], 1), good

    def features_of(self, tile: Tile, task: Task) -> list[Numbers]:
        """Return the planes of all features of a tile."""
        codes = self.encoding.encode(tile.pixels)
        planes = self.bank.planes(self.encoding.bands, power_of_two(tile.scale))
        return worked_out(list(planes.values()), codes, usable(tile), task)


def power_of_two(scale: float) -> float:
    """Pictures are reduced by powers of two, though not every last pixel is whole."""
    return float(2 ** round(math.log2(scale)))
