"""Groups of similar colours."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.task import Task
from segstudio.methods import choosing
from segstudio.methods.choosing import Curve
from segstudio.methods.clouds import Cloud, cloud_of
from segstudio.methods.clustering import beginning, kmeans, rounds
from segstudio.methods.clusters import Clustering, Clusters, by_lightness
from segstudio.methods.samples import QUIET, Samples
from segstudio.methods.segmenter import Family, Seeds, segmenters


@segmenters.add
@dataclass(frozen=True)
class KMeans(Clustering):
    """Groups pixels by colour (Lloyd's algorithm on the weighted colour histogram).

    Distances are taken in RGB, or in CIELAB, where they are nearer to what people see; pictures
    without three bands are grouped by their bands as they are. Bands of other than 8 bits are
    stretched first. With a weight of the position, groups hold together in the picture too.
    """

    title: ClassVar[str] = "k-means"
    family: ClassVar[Family] = "Clusters"
    seeds: ClassVar[Seeds] = "none"
    learns: ClassVar[bool] = True
    whole: ClassVar[bool] = False
    halo: ClassVar[int] = 0

    clusters: int = field(default=4, metadata={"label": "Clusters", "range": (2, 20)})
    space: Literal["rgb", "lab"] = field(default="rgb", metadata={"label": "Colour space"})
    seed: int = field(
        default=0, metadata={"label": "Random seed", "range": (0, 9999), "more": True}
    )
    start: Literal["k-means++", "random"] = field(
        default="k-means++",
        metadata={"label": "Start", "more": True,
                  "help": "first centres: far from each other, or anywhere"},
    )  # fmt: skip
    position: float = field(
        default=0.0,
        metadata={"label": "Position", "range": (0, 5), "step": 0.1, "more": True,
                  "help": "its weight; 1: the longer side counts as much as black to white"},
    )  # fmt: skip
    choose: Literal["by hand", "silhouette", "elbow"] = field(
        default="by hand",
        metadata={"label": "Number",
                  "help": "by hand, where groups are clearest, or where more gain little"},
    )  # fmt: skip
    most: int = field(
        default=12,
        metadata={"label": "Most clusters", "range": (2, 20), "more": True,
                  "help": "the largest number tried where it is not chosen by hand"},
    )  # fmt: skip

    def fit(self, samples: Samples, task: Task) -> Clusters:
        cloud = _cloud(samples, self, task)
        number = _number(samples, cloud, self, task)
        centres = kmeans(cloud.points, cloud.counts, number, self.seed, task, self.start)
        return cloud.state(centres)


def _cloud(samples: Samples, settings: KMeans, task: Task) -> Cloud:
    return cloud_of(samples, settings.space, task, settings.position)


def cluster_curve(samples: Samples, settings: KMeans, task: Task = QUIET) -> Curve:
    """Try 2…``settings.most`` clusters; see `Curve`.

    ``chosen`` is the number that `KMeans.fit` takes with these settings.
    """
    return _curve(samples, _cloud(samples, settings, task), settings, task)


def _curve(samples: Samples, cloud: Cloud, settings: KMeans, task: Task) -> Curve:
    varied = replace(settings, clusters=2, choose="by hand")  # these change nothing
    most, seed, start = settings.most, settings.seed, settings.start
    found, elbow = samples.once(
        f"curve of {varied}",
        lambda: choosing.curve(cloud.points, cloud.counts, most, seed, start, task),
    )
    chosen = {"by hand": settings.clusters, "elbow": elbow}.get(settings.choose, found.chosen)
    return replace(found, chosen=chosen)


def _number(samples: Samples, cloud: Cloud, settings: KMeans, task: Task) -> int:
    by_hand = settings.choose == "by hand"
    return settings.clusters if by_hand else _curve(samples, cloud, settings, task).chosen


@dataclass(frozen=True, eq=False)
class Step:
    """One round of Lloyd's algorithm.

    ``colours`` are the centres by their final numbers (clusters × bands, in the picture's own
    numbers); ``state`` is for `KMeans.apply`. ``moved`` is how far the centre that moved most
    came since the step before, in units of the colour space; infinite in the first step.
    ``inertia`` is the sum of squared distances of the pixels counted.
    """

    colours: NDArray[np.float64]
    state: Clusters
    moved: float
    inertia: float


def steps(samples: Samples, settings: KMeans, task: Task = QUIET) -> Iterator[Step]:
    """Yield what k-means does, round by round, from the start that `KMeans.fit` finds best.

    A region keeps its number throughout: the one that it has in the last step.
    """
    cloud = _cloud(samples, settings, task)
    number = _number(samples, cloud, settings, task)
    first = beginning(cloud.points, cloud.counts, number, settings.seed, task, settings.start)[0]
    taken = list(rounds(cloud.points, cloud.counts, first, task))
    order, _ = by_lightness(cloud.found, taken[-1].ids)
    for done, one in enumerate(taken):
        task.report(done, len(taken), "Grouping the colours")
        state = cloud.state(one.centres, order)
        yield Step(state.colours, state, one.moved, one.inertia)
