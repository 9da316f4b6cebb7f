"""Looking at the pixels that a classifier learns from: what each and its surroundings look like."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from segstudio.domain.geometry import Box
from segstudio.domain.task import Part, Task
from segstudio.domain.tiles import Ids
from segstudio.domain.tiling import Tile
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


LARGEST, EACH = 1 << 20, 1 << 15
"""Pixels that are looked at together, at most, and how many one look costs besides."""


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
        self._look_at_new(samples, chosen, known, Part(task, 0, 2))
        for place, key, rows, columns, ids in chosen:
            names.append((samples.pictures[place], key, self.bank, self.encoding))
            found, valid = known[names[-1]].of(rows, columns)
            features.append(found[valid])
            said.append(ids[valid])
        others = self._others(samples, known, names, Part(task, 1, 2))
        for name in known.keys() - set(names):
            del known[name]
        seen = Seen(np.concatenate(features), np.concatenate(said), others)
        if not len(seen.ids):
            raise nothing_valid()
        return seen

    def _look_at_new(
        self, samples: Samples, chosen: Sequence[Chosen], known: Known, task: Task
    ) -> None:
        """Make known what is not; what lies side by side in one picture is looked at together."""
        lacking: dict[Picture, list[_New]] = {}
        for place, key, rows, columns, _ in chosen:
            picture = samples.pictures[place]
            name = picture, key, self.bank, self.encoding
            known.setdefault(name, Described.empty(picture.width))
            lacks = known[name].lacks(rows, columns)
            if len(lacks[0]):
                lacking.setdefault(picture, []).append(_New(name, *lacks))
        reach = self.bank.reach(self.encoding.bands)
        groups = [
            (picture, *group)
            for picture, news in lacking.items()
            for group in _together(news, reach)
        ]
        for done, (picture, area, news) in enumerate(groups):
            image = Box(0, 0, picture.height, picture.width)
            tile = picture.read(area.clipped(image))
            planes = self.features_of(tile, Part(task, done, len(groups)))
            valid = usable(tile)
            for new in news:
                y, x = new.rows - tile.box.top, new.columns - tile.box.left
                good = np.ones(len(y), bool) if valid is None else valid[y, x]
                looks = np.stack([plane[y, x] for plane in planes], 1)
                known[new.name] = known[new.name].with_more(new.rows, new.columns, looks, good)

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

    def features_of(self, tile: Tile, task: Task) -> list[Numbers]:
        """Return the planes of all features of a tile."""
        codes = self.encoding.encode(tile.pixels)
        planes = self.bank.planes(self.encoding.bands, power_of_two(tile.scale))
        return worked_out(list(planes.values()), codes, usable(tile), task)


@dataclass(frozen=True)
class _New:
    """Pixels of a tile of a picture that are not known yet."""

    name: Name
    rows: Places
    columns: Places

    def area(self, reach: int) -> Box:
        """Return what must be read to know them."""
        top, left = int(self.rows.min()), int(self.columns.min())
        return Box(top, left, int(self.rows.max()) + 1, int(self.columns.max()) + 1).grown(reach)


def _together(news: Sequence[_New], reach: int) -> list[tuple[Box, list[_New]]]:
    """Join what is read sooner in one piece than in several: their surroundings overlap."""
    groups: list[tuple[Box, list[_New]]] = []
    for new in news:
        area, own = new.area(reach), [new]
        for place, (other, those) in enumerate(groups):
            joined = area.joined(other)
            if joined.area <= min(area.area + other.area + EACH, LARGEST):
                area, own = joined, [*those, *own]
                del groups[place]
                break
        groups.append((area, own))
    return groups


def power_of_two(scale: float) -> float:
    """Pictures are reduced by powers of two, though not every last pixel is whole."""
    return float(2 ** round(math.log2(scale)))
