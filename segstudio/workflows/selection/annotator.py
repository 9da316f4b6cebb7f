"""The simulated person: answers what is asked from reference masks, and remembers it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.regions import Boxes
from segstudio.domain.tiles import Ids


@dataclass(frozen=True)
class Answered:
    """A region for which a person was asked; None is the whole picture."""

    image: int
    box: Box | None

    def to_json(self) -> list[int]:
        sides = self.box and (self.box.top, self.box.left, self.box.bottom, self.box.right)
        return [self.image, *(sides or ())]

    @classmethod
    def from_json(cls, values: list[int]) -> "Answered":
        image, *sides = values
        return cls(image, Box(*sides) if sides else None)


@dataclass(eq=False)
class Annotator:
    """What was asked and answered so far; every pixel is asked for, and counted, once.

    ``pixels`` is the cost: those that the reference leaves open have been looked at, too.
    """

    references: Mapping[int, Ids]
    regions: int = 0
    pixels: int = 0
    answers: dict[int, Ids] = field(default_factory=dict, init=False)
    fresh: set[int] = field(default_factory=set, init=False)
    """Pictures of which something was answered when `label` was last called."""
    _asked: dict[int, NDArray[np.bool_]] = field(default_factory=dict, init=False)

    def label(self, regions: Iterable[Answered]) -> None:
        """Label the regions of a round as the reference does."""
        self.fresh = set()
        for asked in regions:
            self._label(asked)

    def _label(self, asked: Answered) -> None:
        reference = self.references[asked.image]
        box = asked.box or Box(0, 0, *reference.shape)
        if asked.image not in self._asked:
            self._asked[asked.image] = np.zeros(reference.shape, bool)
            self.answers[asked.image] = np.full(reference.shape, UNLABELLED, np.uint8)
        self.pixels += self.cost(asked)
        self.regions += 1
        self._asked[asked.image][box.slices] = True
        self.answers[asked.image][box.slices] = reference[box.slices]
        self.fresh.add(asked.image)

    def cost(self, asked: Answered) -> int:
        """Return how many pixels of a region nobody was asked for yet."""
        reference = self.references[asked.image]
        box = asked.box or Box(0, 0, *reference.shape)
        known = self._asked.get(asked.image)
        return box.area - (0 if known is None else int(known[box.slices].sum()))

    def shares(self, image: int, boxes: Boxes) -> NDArray[np.float64]:
        """Return the share of the pixels of regions that were asked for."""
        known = self._asked.get(image)
        if known is None:
            return np.zeros(len(boxes))
        return shares_in(known, boxes)

    @property
    def labelled_pixels(self) -> dict[int, int]:
        """The answered pixels of each class."""
        total = np.zeros(256, np.int64)
        for mask in self.answers.values():
            total += np.bincount(mask.ravel(), minlength=256)
        return {int(id): int(total[id]) for id in np.flatnonzero(total[:UNLABELLED])}


def shares_in(flags: NDArray[np.bool_], boxes: Boxes) -> NDArray[np.float64]:
    """Return which share of the pixels is set in each of some boxes."""
    means = [flags[top:bottom, left:right].mean() for top, left, bottom, right in boxes]
    return np.array(means, np.float64)
