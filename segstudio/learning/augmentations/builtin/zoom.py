"""Crops of several sizes, all made into one."""

from dataclasses import dataclass, field, replace
from typing import ClassVar

from segstudio.learning.augment import Augmenter, Draw, augmenters


@augmenters.add
@dataclass(frozen=True)
class Zoom(Augmenter):
    """Shows a crop smaller or larger than it is: from 1/zoom to zoom."""

    title: ClassVar[str] = "Zoom"
    order: ClassVar[int] = 1

    most: float = field(default=1.5, metadata={"label": "At most", "range": (1, 4), "step": 0.1})

    def draw(self, draw: Draw) -> Draw:
        return replace(draw, zoom=self.most)
