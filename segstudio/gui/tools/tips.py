"""The tips of brushes: their shape, their size under a pen, the pixels they pass over."""

from dataclasses import dataclass, field
from typing import Literal

from segstudio.domain.geometry import Box
from segstudio.domain.stroke import Point
from segstudio.interactive.patch import Patch
from segstudio.interactive.shapes import line, square


@dataclass(frozen=True)
class TipOptions:
    """What every brush can be told."""

    shape: Literal["round", "square"] = field(
        default="round",
        metadata={
            "label": "Shape",
            "help": "The shape of the brush",
            "icons": {"round": "tip-round", "square": "tip-square"},
        },
    )
    pressure: bool = field(
        default=True,
        metadata={
            "label": "Pen pressure",
            "help": "A pen that is pressed less paints thinner",
            "rare": True,
        },
    )

    def size(self, diameter: int, pressure: float) -> int:
        """Return the diameter under a pen's pressure (0…1), one pixel at least."""
        return max(1, round(diameter * min(pressure, 1.0))) if self.pressure else diameter

    def way(self, start: Point, end: Point, diameter: int, image: Box) -> Patch:
        """Return the pixels that the tip passes over."""
        if self.shape == "square":
            return square(start, end, diameter, image)
        return line(start, end, diameter, image)
