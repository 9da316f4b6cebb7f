"""One threshold, found by the greatest correlation."""

from dataclasses import dataclass
from typing import ClassVar

from segstudio.domain.task import Task
from segstudio.methods import histogram
from segstudio.methods.samples import Samples
from segstudio.methods.segmenter import segmenters
from segstudio.methods.thresholding import Thresholding, Thresholds


@segmenters.add
@dataclass(frozen=True)
class Yen(Thresholding):
    """Cuts the greys in two so that the correlation within them is greatest (Yen 1995)."""

    title: ClassVar[str] = "Yen"

    def fit(self, samples: Samples, task: Task) -> Thresholds:
        found = samples.histogram(task, self.channel)
        return Thresholds((found.above(histogram.yen(found.counts)),), self.channel)
