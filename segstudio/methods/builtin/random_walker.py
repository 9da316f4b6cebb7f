"""Random walkers from strokes."""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from segstudio.domain.task import Part, Task
from segstudio.domain.tiling import Valid
from segstudio.imaging.lab import Rgb
from segstudio.imaging.mixtures import of_seeds
from segstudio.imaging.walker import random_walker, reduced
from segstudio.methods.segmenter import segmenters
from segstudio.methods.spreading import Labels, Spreading

LOOKED_AT = 100_000
"""Pixels whose colours are compared with those of the strokes."""


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
        prior = None
        if self.colours > 0:
            import cv2

            part = min((LOOKED_AT / seeds.size) ** 0.5, 1.0)
            shape = max(round(seeds.shape[0] * part), 1), max(round(seeds.shape[1] * part), 1)
            small = reduced(rgb, shape)
            odds = of_seeds(rgb, seeds, Part(task, 0, 4))(small.reshape(-1, 3))
            planes = odds.reshape(-1, *shape)
            prior = np.stack(
                [cv2.resize(plane, seeds.shape[::-1], interpolation=cv2.INTER_LINEAR)
                 for plane in planes]
            )  # fmt: skip
        return random_walker(rgb, seeds, prior, Part(task, 1, 2), self.colours)[0]
