"""The superpixels of a picture, to be chosen from."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.geometry import Box, bounding
from segstudio.domain.stroke import Point
from segstudio.domain.task import Task
from segstudio.imaging.lab import Rgb
from segstudio.imaging.slic import Labels, superpixels
from segstudio.imaging.tidying import Runs
from segstudio.interactive.patch import Patch, pixel_of


@dataclass(frozen=True, eq=False)
class Superpixels:
    """The superpixels of a picture, and where each lies."""

    labels: Labels
    _bounds: NDArray[np.intp] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_bounds", _bounds(self.labels))

    @classmethod
    def of(cls, rgb: Rgb, size: int, compactness: float, task: Task) -> "Superpixels":
        """Cut a picture; see `superpixels`."""
        return cls(superpixels(rgb, size, compactness, task))

    def __len__(self) -> int:
        return len(self._bounds)

    @property
    def image(self) -> Box:
        """The whole picture."""
        return Box(0, 0, *self.labels.shape)

    def at(self, point: Point) -> int | None:
        """Return the superpixel at a point, None outside the picture."""
        place = pixel_of(point, self.image)
        return None if place is None else int(self.labels[place])

    def region(self, label: int) -> Patch:
        """Return the pixels of one superpixel."""
        box = self._box(label)
        return Patch(box, self.labels[box.slices] == label)

    def touched(self, patch: Patch) -> list[int]:
        """Return the superpixels of which a patch covers any pixel, in order."""
        inside = patch.clipped(self.image)
        if not inside.box:
            return []
        return [int(n) for n in np.unique(self.labels[inside.box.slices][inside.region])]

    def united(self, labels: Iterable[int]) -> Patch:
        """Return the pixels of several superpixels together."""
        chosen = np.zeros(len(self), bool)
        chosen[list(labels)] = True
        box = bounding(self._box(int(n)) for n in np.flatnonzero(chosen))
        return Patch.empty() if box is None else Patch(box, chosen[self.labels[box.slices]])

    def _box(self, label: int) -> Box:
        return Box(*map(int, self._bounds[label]))


def _bounds(labels: Labels) -> NDArray[np.intp]:
    """Return top, left, bottom and right of each superpixel."""
    first = np.flatnonzero(Runs.of(labels).starts)
    numbers = labels.ravel()[first]
    last = np.append(first[1:], labels.size) - 1
    width = max(labels.shape[1], 1)
    bounds = np.empty((int(numbers.max(initial=-1)) + 1, 4), np.intp)
    bounds[:, :2], bounds[:, 2:] = labels.size, 0
    for n, found in enumerate((first // width, first % width)):
        np.minimum.at(bounds[:, n], numbers, found)
    for n, found in enumerate((last // width + 1, last % width + 1), 2):
        np.maximum.at(bounds[:, n], numbers, found)
    return bounds
