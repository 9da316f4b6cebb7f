"""Cutting crops out of pictures without labels, each in an easy and in a harder view."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from segstudio.learning.augment import Augmentation, Crop
from segstudio.learning.crops import Crops, cut, resized
from segstudio.learning.dataset import Cache, Example

SHAPES = ("flip", "rot90")
"""Changes of a training that the easy view has too: where there is no up, there is none here."""

APART = 1
"""Keeps these draws from those of the labelled pictures, which have one number fewer."""

OUTSIDE = -1
"""Place of the pixels that lie beyond the edge of a picture."""

BUDGET = 512 << 20
"""Bytes of pictures that are kept."""


class Views(NamedTuple):
    """The crops of a step in two views.

    ``easy`` and ``hard`` are inputs N × bands × side × side; ``places``, N × side × side, holds
    for each pixel of the hard ones where in the easy ones it was (an index into all their
    pixels), or `OUTSIDE`.
    """

    easy: NDArray[np.float32]
    hard: NDArray[np.float32]
    places: NDArray[np.int64]


@dataclass(frozen=True)
class Unlabelled:
    """Draws square crops from anywhere in the pictures, as large as those with labels.

    ``labelled`` are these; ``harder`` is what makes the harder view of an easy one. As there, a
    step's crops depend on the seed, the step's number and the number of crops alone.
    """

    examples: Sequence[Example]
    cache: Cache
    labelled: Crops
    harder: Augmentation

    @classmethod
    def of(cls, examples: Sequence[Example], labelled: Crops, harder: Augmentation) -> "Unlabelled":
        return cls(examples, Cache(examples, BUDGET), labelled, harder)

    @property
    def side(self) -> int:
        return self.labelled.side

    @property
    def pictures(self) -> int:
        """How many there are; several examples may be parts of one."""
        return len({example.image or example.name for example in self.examples})

    @property
    def fingerprint(self) -> str:
        """What the pictures are, so that a run goes on with the same ones only."""
        hashes = "".join(example.content_hash() for example in self.examples)
        return hashlib.sha256(hashes.encode()).hexdigest()

    def batch(self, step: int, size: int) -> Views:
        """Return the crops of one step; the inputs lie channels last in memory."""
        easy = [self._easy(step, number) for number in range(size)]
        seeds = self.labelled.seed, step
        hard = [self.harder.change(crop, (*seeds, n, APART)) for n, crop in enumerate(easy)]
        mixed = self.harder.mix(hard, (*seeds, APART))
        places = np.stack([crop.mask for crop in mixed]).astype(np.int64)
        return Views(self.labelled.inputs_of(easy), self.labelled.inputs_of(mixed), places)

    def names(self, step: int, size: int) -> list[str]:
        """Return the pictures that the crops of a step are cut from."""
        return [self.cache.name(self._choose(self._rng(step, n))) for n in range(size)]

    def _easy(self, step: int, number: int) -> Crop:
        """Cut a crop; in the place of labels it has the places of its pixels."""
        like, rng = self.labelled, self._rng(step, number)
        pixels, mask = self.cache.read(self._choose(rng))
        row, column = (int(rng.integers(length)) for length in mask.shape)
        window = like.window(mask.shape, row, column, rng)
        shown = cut(np.ones(mask.shape, np.uint8), window, constant_values=0)
        pixels, shown = resized(cut(pixels, window, mode="edge"), shown, self.side)
        seeds = (like.seed, step, number, APART)
        crop = self._shapes.change(Crop(pixels, shown, like.spec), seeds)
        pixels_a_crop = self.side * self.side
        places = np.arange(pixels_a_crop, dtype=np.int64).reshape(self.side, self.side)
        places = np.where(crop.mask > 0, places + number * pixels_a_crop, OUTSIDE)
        return replace(crop, mask=places)

    @cached_property
    def _shapes(self) -> Augmentation:
        parts = self.labelled.augmentation.parts
        known = zip(parts, self.labelled.augmentation.names, strict=True)
        return Augmentation(tuple(part for part, name in known if name in SHAPES))

    def _choose(self, rng: np.random.Generator) -> int:
        return int(rng.integers(len(self.examples)))

    def _rng(self, step: int, number: int) -> np.random.Generator:
        return np.random.default_rng([self.labelled.seed, step, number, APART])
