"""What all segmenters have in common that learn from strokes what the pixels of a class are like.

A bank of filters says of every pixel what it and its surroundings look like; a classifier
learns from the pixels under the strokes (the way of ilastik, Berg et al. 2019, and of Trainable
Weka Segmentation, Arganda-Carreras et al. 2017).
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.task import Part, Task
from segstudio.domain.tiles import Ids, Key
from segstudio.domain.tiling import Tile, Valid, core, windows
from segstudio.errors import UserError
from segstudio.methods.colours import Encoding, encoding_of
from segstudio.methods.drawing import Places, drawn
from segstudio.methods.features.bank import Bank
from segstudio.methods.features.graph import Graph
from segstudio.methods.features.working import Numbers, worked_out
from segstudio.methods.greys import usable
from segstudio.methods.samples import PIXELS, QUIET, Picture, Samples, nothing_valid
from segstudio.methods.segmenter import Family, Seeds

Features = NDArray[np.float32]
"""Pixels × features."""

AT_ONCE = 1024
"""Side of the pieces of a tile whose features are in memory together."""

LOOKED_AT, REDUCED, OTHERS = 8, 65_536, 2000
"""How many pictures are looked at as a whole, how far reduced, and how many pixels of each."""

RAREST = 1e-3
"""No class is taken for rarer than this."""

PREDICTED = 65_536
"""Pixels that are classified between two reports."""


@dataclass(frozen=True, eq=False)
class Classified:
    """The state of a pixel classifier.

    ``votes`` is what was learned: a function from features to pixels × classes numbers, the
    larger the likelier. ``importance`` says how much each feature counts, the largest first;
    together 1.
    """

    encoding: Encoding
    classes: tuple[int, ...]
    importance: tuple[tuple[str, float], ...]
    votes: Any


@dataclass(frozen=True)
class Seen:
    """Pixels to learn from: what they look like, and their class ids.

    ``others`` are pixels from all over the pictures, which nobody has said anything of.
    """

    features: Features
    ids: Ids
    others: Features


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


@dataclass(frozen=True)
class PixelClassifier:
    """Base of the classifiers: they differ in what they learn (`learn`) and say (`shares`)."""

    title: ClassVar[str]
    family: ClassVar[Family] = "From strokes"
    seeds: ClassVar[Seeds] = "project"
    whole: ClassVar[bool] = False

    scales: tuple[float, ...] = field(
        default=(1.0, 2.0, 4.0, 8.0),
        metadata={"label": "Scales", "range": (0.3, 32), "step": 0.5,
                  "help": "standard deviations of the filters, in pixels"},
    )  # fmt: skip
    colour: bool = field(
        default=True,
        metadata={"label": "Colour", "more": True, "help": "CIELAB, hue and saturation"},
    )
    gaussian: bool = field(default=True, metadata={"label": "Smoothed", "more": True})
    laplacian: bool = field(default=True, metadata={"label": "Laplacian", "more": True})
    gradient: bool = field(default=True, metadata={"label": "Gradient", "more": True})
    structure: bool = field(
        default=True,
        metadata={"label": "Structure", "more": True,
                  "help": "texture: is it there, has it a way"},
    )  # fmt: skip
    hessian: bool = field(
        default=True,
        metadata={"label": "Hessian", "more": True, "help": "blobs, ridges and their sign"},
    )
    entropy: bool = field(default=False, metadata={"label": "Entropy", "more": True})
    surroundings: bool = field(
        default=True,
        metadata={"label": "Surroundings", "help": "contrast to them, and how they vary"},
    )
    per_class: int = field(
        default=1000,
        metadata={"label": "Pixels a class", "range": (10, 100_000), "more": True,
                  "help": "so many are drawn from the strokes of each class"},
    )  # fmt: skip
    common: float = field(
        default=0.5,
        metadata={
            "label": "Favour common classes",
            "range": (0, 1),
            "step": 0.1,
            "help": "0: all alike, 1: by how much of the pictures they seem to take",
        },
    )
    seed: int = field(
        default=0, metadata={"label": "Random seed", "range": (0, 9999), "more": True}
    )

    @property
    def bank(self) -> Bank:
        return Bank(
            self.scales, self.gaussian, self.laplacian, self.gradient, self.structure,
            self.hessian, self.entropy, self.colour, self.surroundings,
        )  # fmt: skip

    @property
    def halo(self) -> int:
        return self.bank.reach(1)

    def fit(self, samples: Samples, task: Task) -> Classified:
        """Learn from strokes; raise `UserError` where there are none, or of one class only."""
        encoding = self.encoding(samples, Part(task, 0, 20))
        seen = self.seen(samples, encoding, Part(task, 1, 4))
        return self.learned(encoding, seen, Part(task, 3, 4))

    def encoding(self, samples: Samples, task: Task) -> Encoding:
        """Find how the pictures' bands become whole numbers 0…255."""
        encoding = encoding_of(samples.tiles(task), min(samples.area, PIXELS))
        if not encoding.bands:
            raise nothing_valid()
        return encoding

    def learned(self, encoding: Encoding, seen: Seen, task: Task) -> Classified:
        """Learn from pixels."""
        task.report(0, 1, "Learning what the classes look like")
        classes = np.unique(seen.ids)
        if len(classes) < 2:
            raise UserError(
                "there are strokes of one class only",
                "paint a little of another class too: a background is a class as well",
            )
        votes, weights = self.learn(seen.features, np.searchsorted(classes, seen.ids), task)
        if self.common and len(seen.others):
            # Strokes say nothing of how much of a picture each class takes; its own pixels do.
            # All of that would be too much where it errs (Saerens et al. 2002 have all of it).
            guessed = np.maximum(self.shares(votes(seen.others)).mean(0, np.float64), RAREST)
            votes = self.favouring(votes, (guessed / guessed.max()) ** self.common)
        names = list(self.bank.planes(encoding.bands))
        shares = weights / max(float(weights.sum()), 1e-12)
        order = np.argsort(-shares, kind="stable")
        importance = tuple((names[n], float(shares[n])) for n in order)
        return Classified(encoding, tuple(map(int, classes)), importance, votes)

    def learn(
        self, features: Features, places: NDArray[np.intp], task: Task
    ) -> tuple[Any, NDArray[np.float64]]:
        """Learn which class (0, 1, 2 …) pixels have; return votes and each feature's weight."""
        raise NotImplementedError

    def shares(self, votes: NDArray[np.float32]) -> NDArray[np.float32]:
        """Turn votes into probabilities, pixels × classes."""
        return np.asarray(votes / votes.sum(1, keepdims=True))

    def written_shares(self, graph: Graph, votes: str) -> str:
        """Write the same into a graph; return the name of the probabilities."""
        return graph.node(
            "Div", votes, graph.node("ReduceSum", votes, graph.constant([1], np.int64))
        )

    def seen(
        self, samples: Samples, encoding: Encoding, task: Task, known: Known | None = None
    ) -> Seen:
        """Look at pixels drawn from the strokes; those that are ``known`` are not looked up again.

        Raises `UserError` where there are no strokes, or none on valid pixels.
        """
        known = {} if known is None else known
        features: list[Features] = []
        said: list[Ids] = []
        chosen = drawn(samples, self.per_class, self.seed, Part(task, 0, 3))
        names: list[Name] = []
        for done, (place, key, rows, columns, ids) in enumerate(chosen):
            picture = samples.pictures[place]
            part = Part(task, len(chosen) + done, 3 * len(chosen))
            names.append((picture, key, self.bank, encoding))
            here = known.get(names[-1]) or Described.empty(picture.width)
            new = here.lacks(rows, columns)
            if len(new[0]):
                here = here.with_more(*new, *self._described(picture, *new, encoding, part))
            known[names[-1]] = here
            found, valid = here.of(rows, columns)
            features.append(found[valid])
            said.append(ids[valid])
        if not chosen:
            raise UserError(
                "there are no strokes to learn from", "paint a little of each class first"
            )
        others = self._others(samples, encoding, known, names, Part(task, 2, 3))
        seen = Seen(np.concatenate(features), np.concatenate(said), others)
        for name in known.keys() - set(names):
            del known[name]
        if not len(seen.ids):
            raise nothing_valid()
        return seen

    def _others(
        self, samples: Samples, encoding: Encoding, known: Known, names: list[Name], task: Task
    ) -> Features:
        """Look at pixels from all over some of the pictures, reduced."""
        stroked = list(dict.fromkeys(name[0] for name in names))
        some = stroked[:: -(-len(stroked) // LOOKED_AT)]
        found = []
        for done, picture in enumerate(some):
            part = Part(task, done, len(some), "Looking at the whole pictures")
            names.append((picture, None, self.bank, encoding))
            if names[-1] not in known:
                tile = samples.reduced(picture, REDUCED)
                planes = self.features_of(tile, encoding, part)
                valid = usable(tile)
                places = np.arange(planes[0].size) if valid is None else np.flatnonzero(valid)
                places = places[:: max(len(places) // OTHERS, 1) | 1]
                features = np.stack([plane.ravel()[places] for plane in planes], 1)
                known[names[-1]] = Described(0, places, features, np.ones(len(places), bool))
            found.append(known[names[-1]].features)
        return np.concatenate(found)

    def favouring(self, votes: Any, factors: NDArray[np.float64]) -> Any:
        """Return votes whose probabilities are multiplied by these factors, then brought to 1."""
        raise NotImplementedError

    def _described(
        self, picture: Picture, rows: Places, columns: Places, encoding: Encoding, task: Task
    ) -> tuple[Features, Valid]:
        """Return the features of pixels that lie near each other, and which of them are valid."""
        image = Box(0, 0, picture.height, picture.width)
        low, high = (int(rows.min()), int(columns.min())), (int(rows.max()), int(columns.max()))
        area = Box(*low, high[0] + 1, high[1] + 1)
        tile = picture.read(area.grown(self.halo).clipped(image))
        y, x = rows - tile.box.top, columns - tile.box.left
        planes = self.features_of(tile, encoding, task)
        valid = usable(tile)
        good = np.ones(len(y), bool) if valid is None else valid[y, x]
        return np.stack([plane[y, x] for plane in planes], 1), good

    def features_of(self, tile: Tile, encoding: Encoding, task: Task) -> list[Numbers]:
        """Return the planes of all features of a tile."""
        codes = encoding.encode(tile.pixels)
        # Pictures are reduced by powers of two, though not every last pixel is whole.
        planes = self.bank.planes(encoding.bands, float(2 ** round(math.log2(tile.scale))))
        return worked_out(list(planes.values()), codes, usable(tile), task)

    def apply(self, tile: Tile, state: Classified, task: Task = QUIET) -> Ids:
        ids = np.full(tile.pixels.shape[:2], UNLABELLED, np.uint8)
        classes = np.array(state.classes, np.uint8)
        for part, votes in self._voted(tile, state, task):
            ids[part] = classes[votes.argmax(1)].reshape(ids[part].shape)
        valid = usable(tile)
        if valid is not None:
            ids[~valid] = UNLABELLED
        return ids

    def probabilities(
        self, tile: Tile, state: Classified, task: Task = QUIET
    ) -> NDArray[np.float32]:
        """Return classes × height × width shares that sum to 1 over the classes."""
        out = np.zeros((len(state.classes), *tile.pixels.shape[:2]), np.float32)
        for part, votes in self._voted(tile, state, task):
            shares = self.shares(votes).T
            out[:, *part] = shares.reshape(out[:, *part].shape)
        return out

    def regions(self, state: Classified) -> int:
        return max(state.classes) + 1

    def _voted(
        self, tile: Tile, state: Classified, task: Task
    ) -> Iterator[tuple[tuple[slice, slice], NDArray[np.float32]]]:
        """Yield the votes of parts of a tile, pixels × classes, and which rows and columns."""
        height, width = tile.pixels.shape[:2]
        plan = windows(height, width, AT_ONCE, self.halo)
        for done, window in enumerate(plan):
            part = Part(task, done, len(plan))
            planes = [
                core(window, plane)
                for plane in self.features_of(_piece(tile, window.read), state.encoding, part)
            ]
            rows = max(PREDICTED // window.core.width, 1)
            for top in range(0, window.core.height, rows):
                part.report(top, window.core.height, "Classifying pixels")
                piece = [plane[top : top + rows] for plane in planes]
                above = window.core.top + top
                place = slice(above, above + len(piece[0])), window.core.slices[1]
                yield place, state.votes(stacked(piece))


def stacked(planes: Sequence[NDArray[np.float32]]) -> Features:
    """Return planes as pixels × features."""
    import cv2

    if len(planes) == 1:
        return planes[0].reshape(-1, 1)
    merged = np.asarray(cv2.merge([np.ascontiguousarray(plane) for plane in planes]))
    return merged.reshape(-1, len(planes))


def _piece(tile: Tile, box: Box) -> Tile:
    """Return a part of a tile; ``box`` counts its pixels."""
    pixels = tile.pixels[box.slices]
    valid = None if tile.valid is None else tile.valid[box.slices]
    scale = tile.scale
    whole = Box(0, 0, round(box.height * scale), round(box.width * scale))
    return Tile(pixels, whole, valid)
