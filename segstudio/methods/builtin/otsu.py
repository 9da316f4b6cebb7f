"""One threshold, found by Otsu's criterion."""

from dataclasses import dataclass
from typing import ClassVar

from segstudio.domain.task import Task
from segstudio.methods import histogram
from segstudio.methods.samples import Samples
from segstudio.methods.segmenter import segmenters
from segstudio.methods.thresholding import Thresholding, Thresholds


@segmenters.add
@dataclass(frozen=True)
class Otsu(Thresholding):
    """Cuts the greys in two so that the two regions differ most (Otsu 1979)."""

    title: ClassVar[str] = "Otsu"

    def fit(self, samples: Samples, task: Task) -> Thresholds:
        found = samples.histogram(task, self.channel)
        return Thresholds((found.above(histogram.otsu(found.counts)),), self.channel)
