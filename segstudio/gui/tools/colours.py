"""The colours of what is in sight, at hand for tools that need them at every move."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.geometry import Box
from segstudio.domain.stroke import Region
from segstudio.gui.jobs import Job
from segstudio.gui.tools.context import OpenPicture, ToolContext
from segstudio.imaging.lab import Reference, lab_codes, looks_like

MOST = 8 << 20
"""Pixels that are kept; more of a picture in sight is kept reduced."""


@dataclass(frozen=True, eq=False)
class _Sight:
    """A part of a picture, as it is shown; without its colours until they are read."""

    picture: OpenPicture
    box: Box
    stride: int
    rgb: NDArray[np.uint8] | None = None

    def shows(self, picture: OpenPicture, box: Box) -> bool:
        alike = self.picture.picture is picture.picture and self.picture.display == picture.display
        return alike and box.clipped(self.box) == box

    def reduced(self, box: Box) -> tuple[NDArray[np.uint8], tuple[slice, slice]]:
        """Return the colours of a box inside it, reduced, and where the box lies in them."""
        assert self.rgb is not None
        top, left = box.top - self.box.top, box.left - self.box.left
        bottom, right = top + box.height, left + box.width
        step = self.stride
        rgb = self.rgb[top // step : -(-bottom // step), left // step : -(-right // step)]
        return rgb, np.s_[
            top % step : top % step + box.height, left % step : left % step + box.width
        ]

    def part(self, box: Box) -> NDArray[np.uint8]:
        """Return the colours of a box inside it, at full size."""
        rgb, inside = self.reduced(box)
        return rgb.repeat(self.stride, 0).repeat(self.stride, 1)[inside]

    def like(self, box: Box, reference: Reference, tolerance: float) -> Region:
        """Return which pixels of a box inside it look like a reference."""
        rgb, inside = self.reduced(box)
        alike = looks_like(rgb, reference, tolerance)
        return (
            alike
            if self.stride == 1
            else alike.repeat(self.stride, 0).repeat(self.stride, 1)[inside]
        )


class ColoursInSight:
    """Reads what is in sight ahead of its use, off the main thread.

    ``settled`` is called when colours that were asked for are there, or cannot be had.
    """

    def __init__(self, context: ToolContext, settled: Callable[[], None]) -> None:
        self._context, self._settled = context, settled
        self._held: _Sight | None = None
        self._coming: _Sight | None = None
        self._refused: _Sight | None = None

    def ask(self, margin: int) -> bool:
        """Have what is in sight, and ``margin`` pixels around it, read; true once it is there."""
        picture = self._context.picture
        if picture is None:
            return False
        box = self._context.in_sight().grown(margin).clipped(picture.box)
        if self._held is not None and self._held.shows(picture, box):
            return True
        known = (self._coming, self._refused)
        if box and not any(sight is not None and sight.shows(picture, box) for sight in known):
            self._read(_sight(picture, box))
        return False

    @property
    def awaited(self) -> bool:
        """Whether colours are on their way."""
        return self._coming is not None

    def drop(self) -> None:
        """Let go of what was read."""
        self._held = None

    def of(self, box: Box) -> tuple[Box, NDArray[np.uint8]]:
        """Return the colours of a box, as far as it is in sight. `ask` says if they are there."""
        assert self._held is not None
        part = box.clipped(self._held.box)
        return part, self._held.part(part) if part else np.zeros((0, 0, 3), np.uint8)

    def like(self, box: Box, reference: Reference | None, tolerance: float) -> tuple[Box, Region]:
        """Return which pixels of a box, as far as it is in sight, look like a reference."""
        assert self._held is not None
        part = box.clipped(self._held.box)
        if not part or reference is None:
            return part, np.zeros(part.shape if part else (0, 0), bool)
        return part, self._held.like(part, reference, tolerance)

    def _read(self, sight: _Sight) -> None:
        def work(job: Job) -> NDArray[np.uint8]:
            lab_codes(np.zeros((1, 1, 3), np.uint8))  # what comparing needs is loaded here
            return sight.picture.rgb(sight.box, sight.stride)

        def take(rgb: NDArray[np.uint8]) -> None:
            self._held = _Sight(sight.picture, sight.box, sight.stride, rgb)

        def end() -> None:
            if self._coming is sight:
                self._coming = None
                self._settled()

        def refuse() -> None:
            self._refused = sight

        self._coming = sight
        job = self._context.run("Look at the picture", work, take)
        job.failed.connect(refuse)
        job.finished.connect(end)


def _sight(picture: OpenPicture, box: Box) -> _Sight:
    """Return the part of a picture to be read, reduced as far as it must be."""
    stride = 1
    while box.area > MOST * stride * stride:
        stride *= 2
    top, left = box.top // stride * stride, box.left // stride * stride
    return _Sight(picture, Box(top, left, box.bottom, box.right), stride)
