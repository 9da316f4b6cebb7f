"""Groups of similar colours."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.task import Task
from segstudio.methods import choosing
from segstudio.methods.choosing import Curve
from segstudio.methods.clustering import Points, beginning, kmeans, nearest, rounds
from segstudio.methods.clusters import (
    Clustering,
    Clusters,
    Kernels,
    by_lightness,
    table_of,
)
from segstudio.methods.colours import ColourHistogram, as_lab, from_lab
from segstudio.methods.samples import QUIET, Samples, nothing_valid
from segstudio.methods.segmenter import Family, Seeds, segmenters

LAB_CODES = (100 / 255, 1.0, 1.0)
"""Units of CIELAB that a step of its 8-bit codes is worth."""


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
    whole: ClassVar[bool] = False
    halo: ClassVar[int] = 0

    clusters: int = field(default=4, metadata={"label": "Clusters", "range": (2, 20)})
    space: Literal["rgb", "lab"] = field(default="rgb", metadata={"label": "Colour space"})
    seed: int = field(default=0, metadata={"label": "Random seed", "range": (0, 9999)})
    start: Literal["k-means++", "random"] = field(
        default="k-means++",
        metadata={"label": "Start", "help": "first centres: far from each other, or anywhere"},
    )
    position: float = field(
        default=0.0,
        metadata={"label": "Position weight", "range": (0, 5), "step": 0.1,
                  "help": "1: the picture's longer side counts as much as black to white"},
    )  # fmt: skip
    choose: Literal["by hand", "silhouette", "elbow"] = field(
        default="by hand",
        metadata={"label": "Number of clusters",
                  "help": "by hand, where groups are clearest, or where more gain little"},
    )  # fmt: skip
    most: int = field(
        default=12,
        metadata={"label": "Most clusters", "range": (2, 20),
                  "help": "the largest number tried where it is not chosen by hand"},
    )  # fmt: skip

    def fit(self, samples: Samples, task: Task) -> Clusters:
        cloud = _cloud(samples, self, task)
        number = self.clusters
        if self.choose != "by hand":
            number = _curve(cloud, self, task).chosen
        centres = kmeans(cloud.points, cloud.counts, number, self.seed, task, self.start)
        return cloud.state(centres)


@dataclass(frozen=True, eq=False)
class Cloud:
    """What k-means groups: weighted points, and the colours that they stand for.

    A point is a colour in the units of its space; with a ``position`` its x and y come after
    it, so many units a pixel.
    """

    found: ColourHistogram
    points: Points
    lab: bool
    position: float | None = None

    @property
    def counts(self) -> NDArray[np.float64]:
        return self.found.counts

    def state(self, centres: Points, order: NDArray[np.intp] | None = None) -> Clusters:
        """Return what labels pictures by these centres.

        Groups are numbered from dark to light, those without a pixel left out, unless ``order``
        says which centres count and in which order.
        """
        ids = nearest(self.points, centres)
        if order is None:
            order, colours = by_lightness(self.found, ids)
        else:
            colours = self.colours_of(centres)[order]
        kept, encoding = centres[order], self.found.encoding
        if self.position is None and self.found.bins is not None:
            table = table_of(self.found, lambda some: nearest(self.points_of(some), kept))
            return Clusters(encoding, colours, table)
        scales = LAB_CODES if self.lab else (1.0,) * encoding.bands
        if self.lab:
            # Codes count a and b from 128.
            kept = kept + np.pad([0.0, 128.0, 128.0], (0, kept.shape[1] - 3))
        return Clusters(encoding, colours, None, Kernels(kept, scales, self.lab, self.position))

    def points_of(self, colours: NDArray[np.float64]) -> Points:
        """Return colours (n × bands, 0…255) as points between which distances are taken."""
        return as_lab(colours) if self.lab else colours

    def colours_of(self, points: Points) -> NDArray[np.float64]:
        """Return the colours that points stand for: `points_of` backwards."""
        bare = points[:, : self.found.encoding.bands]
        return from_lab(bare) if self.lab else bare


def _cloud(samples: Samples, settings: KMeans, task: Task) -> Cloud:
    """Gather what a segmenter with these settings groups."""
    placed = samples.placed_colours(task) if settings.position else None
    found = placed.found if placed else samples.colours(task)
    if not len(found.colours):
        raise nothing_valid()
    bands = found.encoding.bands
    lab = settings.space == "lab" and bands == 3
    points = as_lab(found.colours) if lab else found.colours
    if placed is None:
        return Cloud(found, points, lab)
    longest = max(max(one.height, one.width) for one in samples.pictures)
    scale = settings.position * (100 if lab else 255 * bands**0.5) / longest
    return Cloud(found, np.hstack([points, placed.places * scale]), lab, scale)


def cluster_curve(samples: Samples, settings: KMeans, task: Task = QUIET) -> Curve:
    """Try 2…``settings.most`` clusters; see `Curve`.

    ``chosen`` is the number that `KMeans.fit` takes with these settings.
    """
    return _curve(_cloud(samples, settings, task), settings, task)


def _curve(cloud: Cloud, settings: KMeans, task: Task) -> Curve:
    found, elbow = choosing.curve(
        cloud.points, cloud.counts, settings.most, settings.seed, settings.start, task
    )
    chosen = {"by hand": settings.clusters, "elbow": elbow}.get(settings.choose, found.chosen)
    return replace(found, chosen=chosen)


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
    number = settings.clusters
    if settings.choose != "by hand":
        number = _curve(cloud, settings, task).chosen
    first = beginning(cloud.points, cloud.counts, number, settings.seed, task, settings.start)[0]
    taken = list(rounds(cloud.points, cloud.counts, first, task))
    order, _ = by_lightness(cloud.found, taken[-1].ids)
    for done, one in enumerate(taken):
        task.report(done, len(taken), "Grouping the colours")
        state = cloud.state(one.centres, order)
        yield Step(state.colours, state, one.moved, one.inertia)
