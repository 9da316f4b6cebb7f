"""What all segmenters have in common that cut a picture into connected segments first."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.task import Part, Quiet, Task, track
from segstudio.domain.tiles import Ids
from segstudio.domain.tiling import Tile, Valid
from segstudio.imaging.lab import Rgb
from segstudio.imaging.snapping import snapped
from segstudio.methods.clustering import assign, kmeans
from segstudio.methods.greys import grey, usable
from segstudio.methods.samples import QUIET, Samples, nothing_valid
from segstudio.methods.segmenter import Family, Seeds
from segstudio.methods.showing import Showing

Labels = NDArray[np.int32]
"""Height × width, the number of each pixel's segment, from 0."""

Floats = NDArray[np.float64]

PICTURES, PIXELS = 8, 300_000
"""How many pictures the groups are learned from, at most, and how large they are then."""

ROWS = 256
"""Rows whose pixels are added up at once."""

NARROWEST = 4
"""Libraries fail on pictures that are thinner: those are repeated up to this."""


@dataclass(frozen=True, eq=False)
class Groups:
    """The state of a regional segmenter: mean colours from dark to light."""

    showing: Showing
    centres: Floats
    """Groups × bands, in CIELAB where there are three bands, else as codes of the encoding."""


@dataclass(frozen=True)
class Regional(ABC):
    """Base of the regional segmenters: only `cut` differs between them.

    A picture has more segments than there are numbers, and they mean nothing in the next
    picture. So segments of similar mean colour make a group (k-means, each counts by its
    area), and pixels get the number of the group.
    """

    family: ClassVar[Family] = "Regions"
    seeds: ClassVar[Seeds] = "none"
    learns: ClassVar[bool] = True
    whole: ClassVar[bool] = True
    halo: ClassVar[int] = 32

    most: ClassVar[int] = 1_000_000
    """Pixels at which it cuts; larger pictures are reduced, and the borders drawn again."""

    groups: int = field(
        default=4,
        kw_only=True,
        metadata={"label": "Groups", "range": (2, 20),
                  "help": "segments of similar colour become one region"},
    )  # fmt: skip

    @abstractmethod
    def cut(self, rgb: Rgb, scale: float, task: Task) -> Labels:
        """Return the segments of a picture, each of whose pixels stands for ``scale`` along a
        side: lengths and areas among the settings follow it.
        """

    def segments(self, rgb: Rgb, task: Task, scale: float = 1.0) -> Labels:
        """Cut a picture of any size into segments, numbered from 0 without gaps."""
        import cv2

        height, width = rgb.shape[:2]
        if min(height, width) < NARROWEST:
            missing = max(NARROWEST - height, 0), max(NARROWEST - width, 0)
            wide = np.pad(rgb, [(0, missing[0]), (0, missing[1]), (0, 0)], mode="edge")
            found = self.segments(wide, task, scale)[:height, :width]
            return np.unique(found, return_inverse=True)[1].astype(np.int32).reshape(height, width)
        if height * width <= self.most:
            return self.cut(np.ascontiguousarray(rgb), scale, task)
        factor = (height * width / self.most) ** 0.5
        size = max(int(width / factor), 1), max(int(height / factor), 1)
        small = np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA))
        labels = self.segments(small, Part(task, 0, 2), scale * width / size[0])
        return snapped(rgb, labels, Part(task, 1, 2))

    def fit(self, samples: Samples, task: Task) -> Groups:
        colours = samples.colours(task)
        if not len(colours.colours):
            raise nothing_valid()
        showing = Showing.of(colours)
        found = list(self._seen(samples, showing, task))
        if not found:
            raise nothing_valid()
        means, greys, areas = (np.concatenate(parts) for parts in zip(*found, strict=True))
        points = _points(means)
        centres = kmeans(points, areas, self.groups, 0, task)
        ids = _nearest(points, centres)
        number = np.bincount(ids, areas, minlength=len(centres))
        held = np.flatnonzero(number)
        light = np.bincount(ids, areas * greys, minlength=len(centres))[held] / number[held]
        return Groups(showing, centres[held[np.argsort(light, kind="stable")]])

    def _seen(
        self, samples: Samples, showing: Showing, task: Task
    ) -> Iterator[tuple[Floats, Floats, Floats]]:
        """Yield the mean codes, mean greys and areas of the segments of some pictures."""
        number = min(len(samples.pictures), PICTURES)
        chosen = np.linspace(0, len(samples.pictures) - 1, number).astype(int)
        for done, index in enumerate(chosen):
            part = Part(task, done, number)
            part.report(0, 1, f"Looking for segments in {number} pictures")
            tile = samples.reduced(samples.pictures[index], PIXELS)
            valid = usable(tile)
            if valid is not None and not valid.any():
                continue
            codes = showing.codes(tile)
            labels = self.segments(showing.rgb(codes, valid, part), part, tile.scale)
            greys = grey(tile.pixels)[..., None]
            means, areas = means_of(labels, codes, valid, Quiet())
            light, _ = means_of(labels, greys, valid, Quiet())
            seen = areas > 0
            yield means[seen], light[seen, 0], areas[seen] * tile.scale**2

    def apply(self, tile: Tile, state: Groups, task: Task = QUIET) -> Ids:
        valid = usable(tile)
        codes = state.showing.codes(tile)
        rgb = state.showing.rgb(codes, valid, Part(task, 0, 3))
        labels = self.segments(rgb, Part(task, 1, 3), tile.scale)
        means, _ = means_of(labels, codes, valid, Part(task, 2, 3))
        group = _nearest(_points(means), state.centres).astype(np.uint8)
        ids = group[labels]
        if valid is not None:
            ids[~valid] = UNLABELLED
        return ids

    def regions(self, state: Groups) -> int:
        return len(state.centres)


def means_of(
    labels: Labels, values: NDArray[Any], valid: Valid | None, task: Task
) -> tuple[Floats, Floats]:
    """Return the mean of each segment (segments × bands) and its area, of its valid pixels."""
    count = int(labels.max()) + 1
    sums = np.zeros((values.shape[2], count))
    areas = np.zeros(count)
    for top in track(task, range(0, len(labels), ROWS), "Adding up the segments"):
        part = slice(top, top + ROWS)
        inside = ... if valid is None else valid[part]
        numbers = labels[part][inside].ravel()
        areas += np.bincount(numbers, minlength=count)
        for band in range(values.shape[2]):
            sums[band] += np.bincount(numbers, values[part, :, band][inside].ravel(), count)
    return (sums / np.maximum(areas, 1)).T, areas


def _points(means: Floats) -> Floats:
    """Return mean codes (n × bands) as points between which distances are taken."""
    import cv2

    if means.shape[1] != 3:
        return means
    plane = (means / 255).astype(np.float32).reshape(1, -1, 3)
    return np.asarray(cv2.cvtColor(plane, cv2.COLOR_RGB2Lab), np.float64).reshape(-1, 3)


def _nearest(points: Floats, centres: Floats) -> NDArray[np.intp]:
    return assign(points, (points**2).sum(1), centres)[0]
