"""What a tool would paint, drawn over the picture."""

from collections.abc import Sequence
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from segstudio.domain.geometry import Box
from segstudio.gui.canvas.viewport import Viewport
from segstudio.interactive.patch import Patch

FILL = 0.5
EDGE = 0.95


class PatchPainter:
    """Draws patches in one colour, a bit denser at their borders."""

    def __init__(self) -> None:
        self._made: WeakKeyDictionary[Patch, tuple[int, NDArray[np.uint8]]] = WeakKeyDictionary()

    def draw(
        self, painter: QPainter, view: Viewport, patches: Sequence[Patch], part: Box, colour: QColor
    ) -> None:
        """Draw what of the patches lies in ``part`` of the image."""
        table = [0, _argb(colour, FILL), _argb(colour, EDGE)]
        stride = 1 << view.level(6)
        for patch in patches:
            if not patch.box.clipped(part):
                continue
            shape = self._shape(patch, stride)
            height, width = shape.shape
            image = QImage(shape.data, width, height, width, QImage.Format.Format_Indexed8)
            image.setColorTable(table)
            box = patch.box
            covered = Box(box.top, box.left, box.top + height * stride, box.left + width * stride)
            painter.drawImage(view.rect(covered), image, QRectF(0, 0, width, height))

    def _shape(self, patch: Patch, stride: int) -> NDArray[np.uint8]:
        """Return 1 inside, 2 at the border, 0 elsewhere; one pixel for ``stride`` × ``stride``."""
        held = self._made.get(patch)
        if held is not None and held[0] == stride:
            return held[1]
        region = patch.region[::stride, ::stride]
        inner = np.zeros(region.shape, bool)
        inner[1:-1, 1:-1] = (
            region[:-2, 1:-1] & region[2:, 1:-1] & region[1:-1, :-2] & region[1:-1, 2:]
        )
        shape = np.ascontiguousarray(np.where(region, np.where(inner, 1, 2), 0), dtype=np.uint8)
        self._made[patch] = (stride, shape)
        return shape


def _argb(colour: QColor, opacity: float) -> int:
    return round(255 * opacity) << 24 | (colour.rgb() & 0xFFFFFF)
