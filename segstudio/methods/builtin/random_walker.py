"""Random walkers from strokes."""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.task import Part, Task, track
from segstudio.domain.tiling import Valid
from segstudio.imaging.lab import Rgb
from segstudio.imaging.mixtures import of_seeds
from segstudio.imaging.walker import random_walker, reduced
from segstudio.methods.segmenter import segmenters
from segstudio.methods.spreading import Labels, Spreading

LOOKED_AT = 100_000
"""Pixels whose colours are compared with those of the strokes."""

AT_ONCE = 5000
"""Pixels between two reports."""


@segmenters.add
@dataclass(frozen=True)
class RandomWalker(Spreading):
    """Gives a pixel the class whose strokes a random walker from it most probably meets first.

    Walkers seldom step over edges (Grady 2006); with colours they may also end anywhere, the
    sooner the more a place looks like a class (Grady 2005).
    """

    title: ClassVar[str] = "Random walker"

    colours: float = field(
        default=0.0,
        metadata={"label": "Colours", "range": (0, 1), "step": 0.01,
                  "help": "0 goes by edges alone; the larger, the more by colours of the strokes"},
    )  # fmt: skip

    def spread(self, rgb: Rgb, seeds: Labels, valid: Valid, scale: float, task: Task) -> Labels:
        prior = self._prior(rgb, seeds, Part(task, 0, 2)) if self.colours > 0 else None
        return random_walker(rgb, seeds, prior, Part(task, 1, 2), self.colours)[0]

    def _prior(self, rgb: Rgb, seeds: Labels, task: Task) -> NDArray[np.float32]:
        """Return how probable each class is by the colours alone, classes × height × width."""
        import cv2

        speaking = of_seeds(rgb, seeds, Part(task, 0, 2))
        part = min((LOOKED_AT / seeds.size) ** 0.5, 1.0)
        shape = max(round(seeds.shape[0] * part), 1), max(round(seeds.shape[1] * part), 1)
        flat = reduced(rgb, shape).reshape(-1, 3)
        pieces = range(0, len(flat), AT_ONCE)
        found = [
            speaking(flat[start : start + AT_ONCE])
            for start in track(Part(task, 1, 2), pieces, "Comparing the colours")
        ]
        planes = np.concatenate(found, 1).reshape(-1, *shape)
        size = seeds.shape[::-1]
        return np.stack([cv2.resize(p, size, interpolation=cv2.INTER_LINEAR) for p in planes])
