"""More crops around seldom classes."""

from dataclasses import dataclass, replace
from typing import ClassVar

from segstudio.learning.augment import Augmenter, Draw, augmenters
from segstudio.learning.augmentations.fields import share_field


@augmenters.add
@dataclass(frozen=True)
class Balanced(Augmenter):
    """Draws a class first, seldom ones more often than their pixels, then a pixel of it."""

    title: ClassVar[str] = "Seldom classes"
    order: ClassVar[int] = 0

    share: float = share_field(0.5, "Of the crops; the others are cut around any labelled pixel")

    def draw(self, draw: Draw) -> Draw:
        return replace(draw, rare=self.share)
