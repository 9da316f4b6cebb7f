"""Eight hatchings, by which classes are told apart without their colours."""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.tiles import Ids
from segstudio.gui.canvas.colours import Colours
from segstudio.gui.canvas.drawn import indexed

PERIOD = 10
"""Px from one line to the next."""

LINE = 1.5
"""Thickness of the lines, in px."""

Grid = NDArray[np.int64]
Pattern = Callable[[Grid, Grid, int, int], NDArray[np.bool_]]


def _dots(x: Grid, y: Grid, period: int, line: int) -> NDArray[np.bool_]:
    """Return dots in rows, every second of them shifted by half."""
    half = period // 2
    u = (x + (y // half % 2) * half) % period - half / 2
    v = y % half - half / 2
    return u * u + v * v <= (0.9 * line) ** 2


def _dashes(x: Grid, y: Grid, period: int, line: int) -> NDArray[np.bool_]:
    half = period // 2
    return (y % half < line) & ((x + y // half % 2 * half) % period < half)


PATTERNS: tuple[Pattern, ...] = (
    lambda x, y, p, w: (x + y) % p < w,
    lambda x, y, p, w: (x - y) % p < w,
    lambda x, y, p, w: (y % p < w) & (x >= 0),
    lambda x, y, p, w: (x % p < w) & (y >= 0),
    lambda x, y, p, w: ((x + y) % p < w) | ((x - y) % p < w),
    _dots,
    lambda x, y, p, w: (x % p < w) | (y % p < w),
    _dashes,
)
"""Which pixels of the screen have ink: x and y, the period and the thickness in pixels."""


class Hatch:
    """Draws hatchings at the screen's size, whatever the zoom.

    They hang on the image's corner, so that they stand still while one paints.
    """

    def __init__(self) -> None:
        self._bits: NDArray[np.uint8] = np.zeros((0, 0), np.uint8)
        self._period = 0
        self._ratio = 0.0

    def draw(
        self,
        painter: QPainter,
        ids: Ids,
        where: QRectF,
        anchor: QPointF,
        ratio: float,
        colours: Colours,
    ) -> None:
        """Hatch ids that fill ``where``, as far as the painter's clip shows them."""
        shown = painter.clipBoundingRect().intersected(where)
        left, top = math.floor(shown.left() * ratio), math.floor(shown.top() * ratio)
        right, bottom = math.ceil(shown.right() * ratio), math.ceil(shown.bottom() * ratio)
        if right <= left or bottom <= top:
            return
        rows = _nearest(top, bottom, where.top() * ratio, where.height() * ratio, ids.shape[0])
        columns = _nearest(left, right, where.left() * ratio, where.width() * ratio, ids.shape[1])
        found = ids.take(rows, 0, mode="clip").take(columns, 1, mode="clip")
        if found.min() == UNLABELLED:
            return
        bits = self._screen(left, top, right - left, bottom - top, anchor, ratio)
        bits &= colours.kinds.take(found)
        bare = np.negative((bits == 0).view(np.uint8))  # 255 where there is no ink
        inked = found | bare  # several times quicker than np.where
        image = indexed(inked, colours.ink)
        image.setDevicePixelRatio(ratio)
        painter.drawImage(QPointF(left / ratio, top / ratio), image)

    def _screen(
        self, left: int, top: int, width: int, height: int, anchor: QPointF, ratio: float
    ) -> NDArray[np.uint8]:
        """Return, for a part of the screen, the bits of the hatchings that have ink there."""
        if ratio != self._ratio:
            self._ratio, self._period = ratio, 2 * round(PERIOD * ratio / 2)
            self._bits = np.zeros((0, 0), np.uint8)
        period = self._period
        down = (top - round(anchor.y() * ratio)) % period
        across = (left - round(anchor.x() * ratio)) % period
        high, wide = self._bits.shape
        if high < down + height or wide < across + width:
            side = (max(high, down + height) + 512, max(wide, across + width) + 512)
            self._bits = _ink(side, period, max(1, math.floor(LINE * ratio + 0.5)))
        return self._bits[down : down + height, across : across + width].copy()


def _nearest(start: int, end: int, first: float, length: float, count: int) -> NDArray[np.intp]:
    """Return which of ``count`` samples, drawn from ``first`` on, each pixel shows."""
    place = (np.arange(start, end) + (0.5 - first)) * (count / max(length, 1e-9))
    found: NDArray[np.intp] = np.clip(place, 0, count - 1).astype(np.intp)
    return found


def _ink(shape: tuple[int, int], period: int, line: int) -> NDArray[np.uint8]:
    y, x = np.mgrid[0:period, 0:period]
    cell = np.zeros((period, period), np.uint8)
    for bit, pattern in enumerate(PATTERNS):
        cell |= pattern(x, y, period, line).astype(np.uint8) << bit
    down, across = -(-shape[0] // period), -(-shape[1] // period)
    return np.ascontiguousarray(np.tile(cell, (down, across))[: shape[0], : shape[1]])
