"""What a tool would paint, drawn over the picture."""

from collections.abc import Sequence
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from segstudio.domain.geometry import Box
from segstudio.domain.stroke import Region
from segstudio.gui.canvas.viewport import Viewport
from segstudio.interactive.patch import Patch

FILL = 0.5
EDGE = 0.95


SIDE = 512
"""Side of the pieces that are made of a patch, in drawn pixels: only those in sight are."""

Piece = NDArray[np.uint8]
"""1 inside, 2 at the border, 0 elsewhere."""


class PatchPainter:
    """Draws patches in one colour, a bit denser at their borders."""

    def __init__(self) -> None:
        self._made: WeakKeyDictionary[Patch, tuple[int, dict[Box, Piece]]] = WeakKeyDictionary()

    def draw(
        self, painter: QPainter, view: Viewport, patches: Sequence[Patch], part: Box, colour: QColor
    ) -> None:
        """Draw what of the patches lies in ``part`` of the image."""
        table = [0, _argb(colour, FILL), _argb(colour, EDGE)]
        stride = 1 << view.level(6)
        for patch in patches:
            top, left = patch.box.top, patch.box.left
            seen = part.clipped(patch.box)
            if not seen:
                continue
            whole = Box(0, 0, patch.box.height, patch.box.width)
            inside = Box(seen.top - top, seen.left - left, seen.bottom - top, seen.right - left)
            for corner in inside.tiles(SIDE * stride):
                tile = _tile_at(corner, SIDE * stride).clipped(whole)
                piece = self._piece(patch, tile, stride)
                height, width = piece.shape
                image = QImage(piece.data, width, height, width, QImage.Format.Format_Indexed8)
                image.setColorTable(table)
                y, x = top + tile.top, left + tile.left
                covered = Box(y, x, y + height * stride, x + width * stride)
                painter.drawImage(view.rect(covered), image, QRectF(0, 0, width, height))

    def _piece(self, patch: Patch, tile: Box, stride: int) -> Piece:
        """Return a tile of a patch, in its own coordinates, one pixel for ``stride`` squared."""
        held = self._made.get(patch)
        if held is None or held[0] != stride:
            held = self._made[patch] = stride, {}
        if tile not in held[1]:
            held[1][tile] = _shape(patch.region, tile, stride)
        return held[1][tile]


def _tile_at(box: Box, size: int) -> Box:
    """Return the tile of a grid in which a box begins."""
    top, left = box.top // size * size, box.left // size * size
    return Box(top, left, top + size, left + size)


def _shape(region: Region, tile: Box, stride: int) -> Piece:
    around = np.zeros((-(-tile.height // stride) + 2, -(-tile.width // stride) + 2), bool)
    rows = slice(max(tile.top - stride, 0), tile.bottom + stride, stride)
    columns = slice(max(tile.left - stride, 0), tile.right + stride, stride)
    found = region[rows, columns]
    y, x = int(tile.top == 0), int(tile.left == 0)
    around[y : y + found.shape[0], x : x + found.shape[1]] = found
    here = around[1:-1, 1:-1]
    inner = around[:-2, 1:-1] & around[2:, 1:-1] & around[1:-1, :-2] & around[1:-1, 2:]
    return np.ascontiguousarray(np.where(here, np.where(inner, 1, 2), 0), np.uint8)


def _argb(colour: QColor, opacity: float) -> int:
    return round(255 * opacity) << 24 | (colour.rgb() & 0xFFFFFF)
