"""Superpixels of a part of the picture, and their borders as thin lines on the screen."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from segstudio.domain.geometry import Box
from segstudio.domain.stroke import Point, capsule
from segstudio.domain.task import Task
from segstudio.gui.canvas.viewport import Viewport
from segstudio.gui.tools.context import OpenPicture
from segstudio.interactive.patch import Patch
from segstudio.interactive.superpixels import Superpixels
from segstudio.store.display import Display

MOST = 2_200_000
"""Pixels that are cut into superpixels: a full screen of them; more are reduced."""

SEEN = 12
"""The least size of a superpixel on the screen, in its pixels: smaller ones are only in the way."""

LINE = 0x59FFFFFF
SHADE = 0x59000000
"""What borders look like on any picture: a bright line with a dark one beside it."""


@dataclass(frozen=True)
class Glance:
    """Where the image lay in the view at one moment; places are in pixels of the screen."""

    zoom: float
    left: float
    top: float
    width: int
    height: int

    @classmethod
    def of(cls, view: Viewport, ratio: float) -> "Glance":
        size, origin = view.size, view.origin
        return cls(
            view.zoom * ratio, origin.x() * ratio, origin.y() * ratio,
            round(size.width() * ratio), round(size.height() * ratio),
        )  # fmt: skip

    def boxed(self) -> tuple[float, float, float, float]:
        """Return left, top, right and bottom of what is in sight, in pixels of the image."""
        left, top = -self.left / self.zoom, -self.top / self.zoom
        return left, top, left + self.width / self.zoom, top + self.height / self.zoom


@dataclass(frozen=True)
class Wanted:
    """What is to be cut, and how: two that are equal give the same superpixels."""

    source: tuple[int, Display]
    """The image, and how its colours are shown."""
    box: Box
    stride: int
    size: int
    compactness: float
    glance: Glance


@dataclass(frozen=True, eq=False)
class Cut:
    """The superpixels of a part of the picture; several pixels of it may be one of theirs."""

    wanted: Wanted
    superpixels: Superpixels
    lines: QImage

    def at(self, point: Point) -> int | None:
        """Return the superpixel at a point of the image."""
        return self.superpixels.at(self._reduced(point))

    def along(self, start: Point, end: Point) -> list[int]:
        """Return the superpixels that a way crosses."""
        first, last = self._reduced(start), self._reduced(end)
        box, region = capsule(first, last, 1, self.superpixels.image)
        return self.superpixels.touched(Patch(box, region)) if box else []

    def patch(self, label: int) -> Patch:
        """Return the pixels of the image that are one superpixel."""
        small, stride, whole = self.superpixels.region(label), self.wanted.stride, self.wanted.box
        region = small.region.repeat(stride, 0).repeat(stride, 1)
        top, left = whole.top + small.box.top * stride, whole.left + small.box.left * stride
        box = Box(top, left, top + region.shape[0], left + region.shape[1])
        return Patch(box, region).clipped(whole)

    def draw(self, painter: QPainter, view: Viewport) -> None:
        """Draw the borders, moved along where the view has moved since."""
        left, top, right, bottom = self.wanted.glance.boxed()
        first, last = view.to_view(left, top), view.to_view(right, bottom)
        painter.drawImage(QRectF(first, last), self.lines)

    def _reduced(self, point: Point) -> Point:
        box, stride = self.wanted.box, self.wanted.stride
        return (point[0] - box.left) / stride, (point[1] - box.top) / stride


def wanted(
    picture: OpenPicture, sight: Box, size: int, compactness: float, glance: Glance
) -> Wanted:
    """Return what to cut of what is in sight, whole pixels of the reduced picture."""
    stride = 1
    while sight.area / stride**2 > MOST:
        stride *= 2
    top, left = sight.top // stride * stride, sight.left // stride * stride
    box = Box(top, left, sight.bottom, sight.right)
    source = picture.image.id, picture.display
    return Wanted(source, box, stride, size, compactness, glance)


def cut(picture: OpenPicture, what: Wanted, task: Task) -> Cut:
    """Cut a part of the picture into superpixels. For jobs."""
    rgb = picture.rgb(what.box, what.stride)
    size = max(round(max(what.size, SEEN / what.glance.zoom) / what.stride), 1)
    found = Superpixels.of(rgb, size, what.compactness, task)
    return Cut(what, found, lines(found, what))


def lines(superpixels: Superpixels, what: Wanted) -> QImage:
    """Return the borders as a picture of the view, one pixel of the screen wide."""
    glance, labels = what.glance, superpixels.labels
    rows, columns = (
        np.floor(((np.arange(length) + 0.5 - start) / glance.zoom - corner) / what.stride)
        for length, start, corner in (
            (glance.height, glance.top, what.box.top), (glance.width, glance.left, what.box.left),
        )
    )  # fmt: skip
    height, width = labels.shape
    down = (rows >= 0) & (rows < height)
    across = (columns >= 0) & (columns < width)
    shown = np.full((glance.height, glance.width), -1, np.int32)
    inside = labels[np.ix_(rows[down].astype(np.intp), columns[across].astype(np.intp))]
    shown[np.ix_(down, across)] = inside
    border = np.zeros((glance.height, -(-glance.width // 4) * 4), np.uint8)
    here = border[:, : glance.width]
    here[:-1] |= shown[:-1] != shown[1:]
    here[:, :-1] |= shown[:, :-1] != shown[:, 1:]
    beside = here[1:, 1:]
    beside[(here[:-1, :-1] == 1) & (beside == 0)] = 2
    image = QImage(
        border.data, glance.width, glance.height, border.shape[1], QImage.Format.Format_Indexed8
    )
    image.setColorTable([0, LINE, SHADE])
    return image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
