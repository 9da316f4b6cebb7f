"""Groups around the colours that are most frequent."""

from dataclasses import dataclass, field
from typing import ClassVar, Literal

from segstudio.domain.task import Task
from segstudio.methods.clouds import cloud_of
from segstudio.methods.clusters import Clustering, Clusters
from segstudio.methods.samples import Samples
from segstudio.methods.segmenter import Family, Seeds, segmenters
from segstudio.methods.shifting import modes


@segmenters.add
@dataclass(frozen=True)
class MeanShift(Clustering):
    """Groups pixels by the peak of the colours' density that is nearest; finds how many there are.

    The wider the bandwidth, the fewer the peaks. Works on the weighted colour histogram.
    """

    title: ClassVar[str] = "Mean shift"
    family: ClassVar[Family] = "Clusters"
    seeds: ClassVar[Seeds] = "none"
    learns: ClassVar[bool] = True
    whole: ClassVar[bool] = False
    halo: ClassVar[int] = 0

    bandwidth: float | None = field(
        default=None,
        metadata={"label": "Bandwidth", "range": (1, 200), "step": 1,
                  "help": "how far colours of a group lie apart; estimated where it is not given"},
    )  # fmt: skip
    space: Literal["rgb", "lab"] = field(default="rgb", metadata={"label": "Colour space"})
    seed: int = field(
        default=0, metadata={"label": "Random seed", "range": (0, 9999), "more": True}
    )

    def fit(self, samples: Samples, task: Task) -> Clusters:
        cloud = cloud_of(samples, self.space, task)
        return cloud.state(modes(cloud.points, cloud.counts, self.bandwidth, self.seed, task))
