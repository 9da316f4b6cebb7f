"""The basins of the picture's gradient, flooded from its minima."""

from dataclasses import dataclass, field
from typing import ClassVar

from segstudio.domain.task import Task
from segstudio.imaging.basins import basins
from segstudio.imaging.lab import Rgb
from segstudio.imaging.slopes import Slopes
from segstudio.methods.regional import Labels, Regional
from segstudio.methods.segmenter import segmenters


@segmenters.add
@dataclass(frozen=True)
class Watershed(Regional):
    """Floods the gradient from its minima: the segments meet where the picture changes most.

    Shallow basins run over into the next (Vincent and Soille 1991, Grimaud 1992).
    """

    title: ClassVar[str] = "Watershed from minima"

    most: ClassVar[int] = 600_000  # the library hears no Cancel: a third of a second

    smoothing: float = field(
        default=1.5,
        metadata={"label": "Smoothing", "range": (0.5, 20), "step": 0.5,
                  "help": "width of the Gaussian before the gradient, in pixels of the picture"},
    )  # fmt: skip
    depth: float = field(
        default=1.0,
        metadata={"label": "Depth", "range": (0, 50), "step": 0.5,
                  "help": "least contrast between a segment and its border: CIELAB a pixel"},
    )  # fmt: skip

    def cut(self, rgb: Rgb, scale: float, task: Task) -> Labels:
        task.report(0, 10, "Looking for edges")
        heights = Slopes.of(rgb, max(self.smoothing / scale, 0.5)).steepness()
        # A reduced picture changes more from pixel to pixel.
        return basins(heights, self.depth * scale, task)
