"""Groups of colours that may overlap, and may be wide or narrow."""

from dataclasses import dataclass, field
from typing import ClassVar, Literal

import numpy as np

from segstudio.domain.task import Task
from segstudio.methods.clouds import cloud_of
from segstudio.methods.clusters import Clustering, Clusters, by_lightness, table_of
from segstudio.methods.gaussians import fitted
from segstudio.methods.samples import Samples
from segstudio.methods.segmenter import Family, Seeds, segmenters


@segmenters.add
@dataclass(frozen=True)
class GaussianMixture(Clustering):
    """Groups pixels by the Gaussian that their colour most probably comes from.

    Unlike those of k-means, groups may differ in size and lie askew. Fitted by expectation and
    maximisation to a sample of the weighted colour histogram.
    """

    title: ClassVar[str] = "Gaussian mixture"
    family: ClassVar[Family] = "Clusters"
    seeds: ClassVar[Seeds] = "none"
    learns: ClassVar[bool] = True
    whole: ClassVar[bool] = False
    halo: ClassVar[int] = 0

    clusters: int = field(default=4, metadata={"label": "Gaussians", "range": (2, 20)})
    space: Literal["rgb", "lab"] = field(default="rgb", metadata={"label": "Colour space"})
    shape: Literal["full", "diagonal"] = field(
        default="full",
        metadata={"label": "Shape", "help": "full may lie askew; diagonal is faster"},
    )
    seed: int = field(
        default=0, metadata={"label": "Random seed", "range": (0, 9999), "more": True}
    )

    def fit(self, samples: Samples, task: Task) -> Clusters:
        cloud = cloud_of(samples, self.space, task)
        full = self.shape == "full"
        mixture = fitted(cloud.points, cloud.counts, self.clusters, full, self.seed, task)
        ids = mixture.logarithms(cloud.points).argmax(1)
        kept, colours = by_lightness(cloud.found, ids)
        held = mixture.only(kept)
        table = table_of(
            cloud.found, lambda some: np.argmax(held.logarithms(cloud.points_of(some)), 1)
        )
        return Clusters(cloud.found.encoding, colours, table, held if table is None else None)
