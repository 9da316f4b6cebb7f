"""Several thresholds, found by Otsu's criterion."""

from dataclasses import dataclass, field
from typing import ClassVar

from segstudio.domain.task import Task
from segstudio.methods import histogram
from segstudio.methods.samples import Samples
from segstudio.methods.segmenter import segmenters
from segstudio.methods.thresholding import Thresholding, Thresholds


@segmenters.add
@dataclass(frozen=True)
class MultiOtsu(Thresholding):
    """Cuts the greys into several regions that differ most (exact, Liao et al. 2001).

    A picture of fewer greys than classes gets a region for each.
    """

    title: ClassVar[str] = "Multi-Otsu"

    classes: int = field(default=3, metadata={"label": "Regions", "range": (2, 20)})

    def fit(self, samples: Samples, task: Task) -> Thresholds:
        found = samples.histogram(task, self.channel)
        return Thresholds(
            found.thresholds(histogram.multi_otsu(found.counts, self.classes)), self.channel
        )
