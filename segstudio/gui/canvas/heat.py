"""How unsure the model is, as heat over the picture."""

from functools import cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage, QPainter

from segstudio.domain.geometry import Box
from segstudio.gui.canvas.viewport import Viewport


@cache
def heat_table() -> list[int]:
    """Return the colours of entropy × 255, after inferno.

    From nothing over violet and orange to pale yellow, ever denser.
    """
    stops = np.array([0, 64, 128, 192, 255])
    channels = [(0, 87, 188, 249, 252), (0, 16, 55, 142, 255), (20, 110, 84, 9, 164)]
    red, green, blue = (np.interp(np.arange(256), stops, c).astype(int) for c in channels)
    alpha = (np.linspace(0, 1, 256) ** 0.7 * 215).astype(int)
    return [
        int(a) << 24 | int(r) << 16 | int(g) << 8 | int(b)
        for a, r, g, b in zip(alpha, red, green, blue, strict=True)
    ]


class HeatOverlay(QObject):
    """The entropy of each pixel, 0…1, drawn over the whole image."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bytes: NDArray[np.uint8] | None = None
        self._image: QImage | None = None
        self._box = Box(0, 0, 1, 1)

    def show(self, box: Box, entropy: NDArray[np.uint8]) -> None:
        """Show entropy × 255 of the pixels of ``box``, at any reduced size."""
        self._box = box
        self._bytes = np.ascontiguousarray(entropy)
        height, width = self._bytes.shape
        image = QImage(self._bytes.data, width, height, width, QImage.Format.Format_Indexed8)
        image.setColorTable(heat_table())
        self._image = image
        self.changed.emit()

    def clear(self) -> None:
        self._bytes = self._image = None
        self.changed.emit()

    @property
    def active(self) -> bool:
        return self._image is not None

    def draw(self, painter: QPainter, view: Viewport, ratio: float) -> None:
        if self._image is not None:
            painter.drawImage(view.rect(self._box, ratio), self._image)
