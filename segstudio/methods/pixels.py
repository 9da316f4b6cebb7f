"""What all segmenters have in common that learn from strokes what the pixels of a class are like.

A bank of filters says of every pixel what it and its surroundings look like; a classifier
learns from the pixels under the strokes (the way of ilastik, Berg et al. 2019, and of Trainable
Weka Segmentation, Arganda-Carreras et al. 2017).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.task import Part, Task
from segstudio.domain.tiles import Ids, Key, tile_box
from segstudio.domain.tiling import Tile, core, windows
from segstudio.errors import UserError
from segstudio.methods.colours import Encoding, encoding_of
from segstudio.methods.features.bank import Bank
from segstudio.methods.features.working import worked_out
from segstudio.methods.greys import usable
from segstudio.methods.samples import PIXELS, QUIET, Samples, nothing_valid
from segstudio.methods.segmenter import Family, Seeds

Features = NDArray[np.float32]
"""Pixels × features."""

AT_ONCE = 1024
"""Side of the pieces of a tile whose features are in memory together."""

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
    """Pixels to learn from: what they look like, and their class ids."""

    features: Features
    ids: Ids


@dataclass(frozen=True)
class PixelClassifier:
    """Base of the classifiers: they differ in what they learn (`_learn`) and say (`_shares`)."""

    family: ClassVar[Family] = "From strokes"
    seeds: ClassVar[Seeds] = "project"
    whole: ClassVar[bool] = False

    scales: tuple[float, ...] = field(
        default=(1.0, 2.0, 4.0, 8.0),
        metadata={"label": "Scales", "range": (0.3, 32), "step": 0.5,
                  "help": "standard deviations of the filters, in pixels"},
    )  # fmt: skip
    colour: bool = field(
        default=True, metadata={"label": "Colour", "help": "CIELAB, hue and saturation"}
    )
    gaussian: bool = field(default=True, metadata={"label": "Smoothed bands"})
    laplacian: bool = field(default=True, metadata={"label": "Laplacian"})
    gradient: bool = field(default=True, metadata={"label": "Gradient"})
    structure: bool = field(
        default=True, metadata={"label": "Structure", "help": "texture: is it there, has it a way"}
    )
    hessian: bool = field(
        default=True, metadata={"label": "Hessian", "help": "blobs, ridges and their sign"}
    )
    entropy: bool = field(default=False, metadata={"label": "Entropy"})
    per_class: int = field(
        default=1000,
        metadata={"label": "Pixels a class", "range": (10, 100_000),
                  "help": "so many are drawn from the strokes of each class"},
    )  # fmt: skip
    seed: int = field(default=0, metadata={"label": "Random seed", "range": (0, 9999)})

    @property
    def bank(self) -> Bank:
        return Bank(
            self.scales, self.gaussian, self.laplacian, self.gradient, self.structure,
            self.hessian, self.entropy, self.colour,
        )  # fmt: skip

    @property
    def halo(self) -> int:
        return self.bank.reach

    def fit(self, samples: Samples, task: Task) -> Classified:
        """Learn from strokes; raise `UserError` where there are none, or of one class only."""
        visited = min(samples.area, PIXELS)
        encoding = encoding_of(samples.tiles(Part(task, 0, 20)), visited)
        if not encoding.bands:
            raise nothing_valid()
        seen = self._seen(samples, encoding, Part(task, 1, 4))
        return self.learned(encoding, seen, Part(task, 3, 4))

    def learned(self, encoding: Encoding, seen: Seen, task: Task) -> Classified:
        """Learn from pixels."""
        task.report(0, 1, "Learning what the classes look like")
        classes = np.unique(seen.ids)
        if len(classes) < 2:
            raise UserError(
                "there are strokes of one class only",
                "paint a little of another class too: a background is a class as well",
            )
        votes, weights = self._learn(seen.features, np.searchsorted(classes, seen.ids), task)
        names = list(self.bank.planes(encoding.bands))
        shares = weights / max(float(weights.sum()), 1e-12)
        order = np.argsort(-shares, kind="stable")
        importance = tuple((names[n], float(shares[n])) for n in order)
        return Classified(encoding, tuple(map(int, classes)), importance, votes)

    def _learn(
        self, features: Features, places: NDArray[np.intp], task: Task
    ) -> tuple[Any, NDArray[np.float64]]:
        """Learn which class (0, 1, 2 …) pixels have; return votes and each feature's weight."""
        raise NotImplementedError

    def _shares(self, votes: NDArray[np.float32]) -> NDArray[np.float32]:
        """Turn votes into probabilities, pixels × classes."""
        raise NotImplementedError

    def _seen(self, samples: Samples, encoding: Encoding, task: Task) -> Seen:
        parts: list[Seen] = []
        chosen = drawn(samples, self.per_class, self.seed, Part(task, 0, 2))
        for done, (place, _, rows, columns, ids) in enumerate(chosen):
            picture = samples.pictures[place]
            image = Box(0, 0, picture.height, picture.width)
            part = Part(task, len(chosen) + done, 2 * len(chosen))
            area = Box(rows.min(), columns.min(), rows.max() + 1, columns.max() + 1)
            tile = picture.read(area.grown(self.halo).clipped(image))
            valid = usable(tile)
            y, x = rows - tile.box.top, columns - tile.box.left
            if valid is not None:
                kept = valid[y, x]
                y, x, ids = y[kept], x[kept], ids[kept]
            planes = self.features_of(tile, encoding, part)
            parts.append(Seen(np.stack([plane[y, x] for plane in planes], 1), ids))
        if not parts:
            raise UserError(
                "there are no strokes to learn from", "paint a little of each class first"
            )
        seen = Seen(
            np.concatenate([part.features for part in parts]),
            np.concatenate([part.ids for part in parts]),
        )
        if not len(seen.ids):
            raise nothing_valid()
        return seen

    def features_of(self, tile: Tile, encoding: Encoding, task: Task) -> list[Features]:
        """Return the planes of all features of a tile."""
        codes = encoding.encode(tile.pixels)
        planes = self.bank.planes(encoding.bands, tile.scale)
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
            shares = self._shares(votes).T
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


Chosen = tuple[int, Key, NDArray[np.intp], NDArray[np.intp], Ids]
"""A picture's place, one of its tiles, and rows, columns and class ids of pixels in it."""


def drawn(samples: Samples, per_class: int, seed: int, task: Task) -> list[Chosen]:
    """Draw up to ``per_class`` pixels of each class from the strokes on all pictures.

    Each pixel has a lot that depends on its place alone, and the smallest lots win: a further
    stroke changes little of what is drawn.
    """
    tiles: list[Chosen] = []
    lots: list[NDArray[np.uint64]] = []
    keys = [
        (place, key) for place, strokes in enumerate(samples.strokes) for key in sorted(strokes)
    ]
    for done, (place, key) in enumerate(keys):
        task.report(done, len(keys), "Looking at the strokes")
        picture = samples.pictures[place]
        box = tile_box(key).clipped(Box(0, 0, picture.height, picture.width))
        ids = samples.strokes[place].read(box)
        rows, columns = np.nonzero(ids != UNLABELLED)
        if len(rows):
            said = ids[rows, columns]
            rows, columns = rows + box.top, columns + box.left
            lot = _lots(rows, columns, place, seed)
            kept = _smallest(said, lot, per_class)
            tiles.append((place, key, rows[kept], columns[kept], said[kept]))
            lots.append(lot[kept])
    if not tiles:
        return []
    kept = _smallest(np.concatenate([t[4] for t in tiles]), np.concatenate(lots), per_class)
    chosen = []
    ends = np.cumsum([len(t[4]) for t in tiles])
    for (place, key, rows, columns, said), end in zip(tiles, ends, strict=True):
        own = kept[end - len(said) : end]
        if own.any():
            chosen.append((place, key, rows[own], columns[own], said[own]))
    return chosen


def _lots(
    rows: NDArray[np.intp], columns: NDArray[np.intp], place: int, seed: int
) -> NDArray[np.uint64]:
    """Return a random number for each pixel, always the same one (Steele et al. 2014)."""
    start = np.uint64((place * 0x9E3779B97F4A7C15 + seed * 0xD1B54A32D192ED03) % 2**64)
    lot = (rows.astype(np.uint64) << np.uint64(32)) + columns.astype(np.uint64) + start
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        lot = (lot ^ (lot >> np.uint64(shift))) * np.uint64(factor)
    return lot ^ (lot >> np.uint64(31))


def _smallest(ids: Ids, lots: NDArray[np.uint64], most: int) -> NDArray[np.bool_]:
    """Tell which pixels have the ``most`` smallest lots of their class."""
    kept = np.zeros(len(ids), bool)
    for id in np.unique(ids):
        own = np.flatnonzero(ids == id)
        if len(own) > most:
            own = own[np.argpartition(lots[own], most - 1)[:most]]
        kept[own] = True
    return kept
