"""A threshold for a histogram with one peak and a long tail."""

from dataclasses import dataclass
from typing import ClassVar

from segstudio.domain.task import Task
from segstudio.methods import histogram
from segstudio.methods.samples import Samples
from segstudio.methods.segmenter import segmenters
from segstudio.methods.thresholding import Thresholding, Thresholds


@segmenters.add
@dataclass(frozen=True)
class Triangle(Thresholding):
    """Cuts the greys where the histogram sags most between peak and longer tail (Zack 1977)."""

    title: ClassVar[str] = "Triangle"

    def fit(self, samples: Samples, task: Task) -> Thresholds:
        found = samples.histogram(task, self.channel)
        return Thresholds((found.above(histogram.triangle(found.counts)),), self.channel)
