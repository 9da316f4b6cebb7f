"""A threshold at the histogram's valley."""

from dataclasses import dataclass, field
from typing import ClassVar

from segstudio.domain.task import Task
from segstudio.errors import UserError
from segstudio.methods import histogram
from segstudio.methods.samples import Samples
from segstudio.methods.segmenter import segmenters
from segstudio.methods.thresholding import Thresholding, Thresholds


@segmenters.add
@dataclass(frozen=True)
class Valley(Thresholding):
    """Cuts the greys at the deepest valley between the histogram's two highest peaks (S4)."""

    title: ClassVar[str] = "Histogram valley"

    smoothing: float = field(
        default=3.0,
        metadata={"label": "Smoothing", "range": (0, 30), "step": 0.5,
                  "help": "width of the Gaussian over the histogram, in its 256 bins"},
    )  # fmt: skip

    def fit(self, samples: Samples, task: Task) -> Thresholds:
        found = samples.histogram(task, self.channel)
        bin = histogram.valley(found.counts, self.smoothing)
        if bin is None:
            raise UserError(
                "the histogram has no valley between two peaks",
                "change the smoothing, or take otsu, which always finds a threshold",
            )
        return Thresholds((found.above(bin),), self.channel)
