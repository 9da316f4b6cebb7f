"""What all segmenters have in common that learn from strokes what the pixels of a class are like.

A bank of filters says of every pixel what it and its surroundings look like; a classifier
learns from the pixels under the strokes (the way of ilastik, Berg et al. 2019, and of Trainable
Weka Segmentation, Arganda-Carreras et al. 2017).
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.task import Part, Task
from segstudio.domain.tiles import Ids
from segstudio.domain.tiling import Tile, windows
from segstudio.errors import UserError
from segstudio.methods.colours import Encoding, encoding_of
from segstudio.methods.described import Features, Known
from segstudio.methods.drawing import drawn
from segstudio.methods.features.graph import Graph
from segstudio.methods.features.settings import FilterSettings
from segstudio.methods.features.working import Numbers
from segstudio.methods.greys import usable
from segstudio.methods.looking import Looking, Seen, power_of_two
from segstudio.methods.samples import PIXELS, QUIET, Samples, nothing_valid
from segstudio.methods.segmenter import Family, Seeds
from segstudio.methods.smoothing import Shares, coded, likeliest, reach_of, smoothed

AT_ONCE = 1024
"""Side of the pieces of a tile whose features are in memory together."""

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
class PixelClassifier(FilterSettings, ABC):
    """Base of the classifiers: they differ in what they learn (`learn`) and say (`shares`)."""

    title: ClassVar[str]
    family: ClassVar[Family] = "From strokes"
    seeds: ClassVar[Seeds] = "project"
    learns: ClassVar[bool] = True
    whole: ClassVar[bool] = False

    per_class: int = field(
        default=1000,
        metadata={"label": "Pixels a class", "range": (10, 100_000), "more": True,
                  "help": "so many are drawn from the strokes of each class"},
    )  # fmt: skip
    common: float = field(
        default=0.5,
        metadata={
            "label": "By frequency",
            "range": (0, 1),
            "step": 0.1,
            "help": "classes: 0 takes all alike, 1 by how much of the pictures they seem to take",
        },
    )
    smoothing: float = field(
        default=2.0,
        metadata={"label": "Smoothing", "range": (0, 16), "step": 0.5,
                  "help": "of the probabilities, in pixels: fewer specks, rounder corners"},
    )  # fmt: skip
    seed: int = field(
        default=0, metadata={"label": "Random seed", "range": (0, 9999), "more": True}
    )

    @property
    def halo(self) -> int:
        return self.bank.reach(1) + reach_of(self.smoothing)

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

    @abstractmethod
    def learn(
        self, features: Features, places: NDArray[np.intp], task: Task
    ) -> tuple[Any, NDArray[np.float64]]:
        """Learn which class (0, 1, 2 …) pixels have; return votes and each feature's weight."""

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
        chosen = drawn(samples, self.per_class, self.seed, Part(task, 0, 2))
        known = {} if known is None else known
        return self._looking(encoding).seen(samples, chosen, known, Part(task, 1, 2))

    @abstractmethod
    def favouring(self, votes: Any, factors: NDArray[np.float64]) -> Any:
        """Return votes whose probabilities are multiplied by these factors, then brought to 1."""

    def features_of(self, tile: Tile, encoding: Encoding, task: Task) -> list[Numbers]:
        """Return the planes of all features of a tile."""
        return self._looking(encoding).features_of(tile, task)

    def _looking(self, encoding: Encoding) -> Looking:
        return Looking(self.bank, encoding)

    def apply(self, tile: Tile, state: Classified, task: Task = QUIET) -> Ids:
        ids = np.full(tile.pixels.shape[:2], UNLABELLED, np.uint8)
        classes = np.array(state.classes, np.uint8)
        for box, shares in self._smoothed(tile, state, task):
            ids[box.slices] = classes[likeliest(shares)]
        valid = usable(tile)
        if valid is not None:
            ids[~valid] = UNLABELLED
        return ids

    def probabilities(
        self, tile: Tile, state: Classified, task: Task = QUIET
    ) -> NDArray[np.float32]:
        """Return classes × height × width shares that sum to 1 over the classes."""
        out = np.zeros((len(state.classes), *tile.pixels.shape[:2]), np.float32)
        for box, shares in self._smoothed(tile, state, task):
            whole = np.stack(shares)
            out[:, *box.slices] = whole / np.maximum(whole.sum(0), np.float32(1e-6))
        return out

    def regions(self, state: Classified) -> int:
        return max(state.classes) + 1

    def smoothing_at(self, scale: float) -> float:
        """Return the standard deviation of the smoothing in pixels of a reduced picture."""
        return self.smoothing / scale

    def _smoothed(
        self, tile: Tile, state: Classified, task: Task
    ) -> Iterator[tuple[Box, list[Numbers]]]:
        """Yield parts of a tile, and their smoothed shares (see `smoothed`)."""
        height, width = tile.pixels.shape[:2]
        whole, valid = Box(0, 0, height, width), usable(tile)
        scale = power_of_two(tile.scale)
        deviation = self.smoothing_at(scale)
        plan = windows(height, width, AT_ONCE, self.halo)
        for done, window in enumerate(plan):
            part = Part(task, done, len(plan))
            wide = window.core.grown(reach_of(deviation)).clipped(whole)
            planes = [
                plane[wide.within(window.read)]
                for plane in self.features_of(_piece(tile, window.read), state.encoding, part)
            ]
            here = None if valid is None else valid[wide.slices]
            shares = smoothed(self._coded(planes, state, part), here, deviation, part)
            yield window.core, [share[window.core.within(wide)] for share in shares]

    def _coded(self, planes: list[Numbers], state: Classified, task: Task) -> Shares:
        """Return the probabilities of planes of features as whole numbers."""
        height, width = planes[0].shape
        out = np.empty((height, width, len(state.classes)), np.uint8)
        rows = max(PREDICTED // width, 1)
        for top in range(0, height, rows):
            task.report(top, height, "Classifying pixels")
            piece = [plane[top : top + rows] for plane in planes]
            found = coded(self.shares(state.votes(stacked(piece))))
            out[top : top + rows] = found.reshape(len(piece[0]), width, -1)
        return out


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
