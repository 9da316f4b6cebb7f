"""Superpixels, grouped by colour."""

from dataclasses import dataclass, field
from typing import ClassVar

from segstudio.domain.task import Task
from segstudio.imaging.lab import Rgb
from segstudio.imaging.slic import superpixels
from segstudio.methods.regional import Labels, Regional
from segstudio.methods.segmenter import segmenters


@segmenters.add
@dataclass(frozen=True)
class Slic(Regional):
    """Cuts the picture into superpixels of about one size (SLIC, Achanta et al. 2012)."""

    title: ClassVar[str] = "SLIC superpixels"
    most: ClassVar[int] = 1 << 62  # it reduces by itself

    size: int = field(
        default=20,
        metadata={"label": "Size", "range": (6, 400),
                  "help": "side of a superpixel, in pixels of the picture"},
    )  # fmt: skip
    compactness: float = field(
        default=10.0,
        metadata={"label": "Compactness", "range": (1, 40), "step": 1.0,
                  "help": "high: nearly squares; low: ragged, along every edge"},
    )  # fmt: skip

    def cut(self, rgb: Rgb, scale: float, task: Task) -> Labels:
        return superpixels(rgb, max(round(self.size / scale), 1), self.compactness, task)
