"""One threshold, found by the least cross entropy."""

from dataclasses import dataclass
from typing import ClassVar

from segstudio.domain.task import Task
from segstudio.methods import histogram
from segstudio.methods.samples import Samples
from segstudio.methods.segmenter import segmenters
from segstudio.methods.thresholding import Thresholding, Thresholds


@segmenters.add
@dataclass(frozen=True)
class Li(Thresholding):
    """Cuts the greys in two so that their cross entropy is least (Li and Tam 1998)."""

    title: ClassVar[str] = "Li"

    def fit(self, samples: Samples, task: Task) -> Thresholds:
        found = samples.histogram(task, self.channel)
        return Thresholds((found.above(histogram.li(found)),), self.channel)
