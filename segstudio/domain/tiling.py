"""Cutting images of any size into windows, and putting the results together again.

Every method and every model runs through here. Windows lie on a grid anchored at the
image's corner, each is read with a halo around its core, and only the core is kept. So a
computation that looks no further than its halo gives the same result at any window size.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.geometry import Box
from segstudio.domain.task import Task

Pixels = NDArray[Any]
"""Height × width × bands, in the numbers of the file (uint8, uint16, float32 …)."""

Valid = NDArray[np.bool_]

R = TypeVar("R")


@dataclass(frozen=True)
class Tile:
    """A piece of an image: its pixels, where they lie, and which of them hold data."""

    pixels: Pixels
    box: Box
    valid: Valid | None = None

    @property
    def any_valid(self) -> bool:
        return self.valid is None or bool(self.valid.any())

    @property
    def scale(self) -> float:
        """How many pixels of the image one of the tile's stands for, along a side."""
        return max(self.box.width, 1) / max(int(self.pixels.shape[1]), 1)


@dataclass(frozen=True)
class Window:
    """The part of the image that is kept (``core``) and what is read to compute it."""

    core: Box
    read: Box


def windows(height: int, width: int, size: int, halo: int) -> list[Window]:
    """Cut an image into cores of ``size`` pixels, each read with ``halo`` pixels around it.

    An image that fits into one core with its halos is one window.
    """
    image = Box(0, 0, height, width)
    if height <= size + 2 * halo and width <= size + 2 * halo:
        return [Window(image, image)]
    return [Window(core, core.grown(halo).clipped(image)) for core in image.tiles(size)]


def run(
    plan: list[Window],
    read: Callable[[Box], Tile],
    compute: Callable[[Tile], R],
    task: Task,
    text: str,
) -> Iterator[tuple[Window, Tile, R]]:
    """Yield each window with its tile and its result, reporting before each and at the end.

    Tiles without a valid pixel are passed over. The result covers ``window.read``; see `core`.
    """
    for done, window in enumerate(plan):
        task.report(done, len(plan), text)
        tile = read(window.read)
        if tile.any_valid:
            yield window, tile, compute(tile)
    task.report(len(plan), len(plan), text)


def core(window: Window, result: NDArray[Any]) -> NDArray[Any]:
    """Return the part of an array over ``window.read`` (its last two axes) that is kept."""
    return result[(..., *window.core.within(window.read))]
