"""What a segmenter would propose, shown while its sliders move. Part of no project."""

from collections.abc import Mapping, Sequence

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage, QPainter

from segstudio.domain.classes import UNLABELLED, LabelClass
from segstudio.domain.geometry import Box
from segstudio.domain.tiles import Ids
from segstudio.gui.canvas.overlay import argb
from segstudio.gui.canvas.viewport import Viewport

GLOW = 0.62


class PreviewOverlay(QObject):
    """Regions of the whole image at a reduced size, in the colours of their classes."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ids: Ids | None = None
        self._image: QImage | None = None
        self._box = Box(0, 0, 1, 1)
        self._mapping: Mapping[int, int] = {}
        self._classes: Sequence[LabelClass] = ()

    @property
    def active(self) -> bool:
        return self._ids is not None

    def show(self, box: Box, regions: Ids, mapping: Mapping[int, int]) -> None:
        """Show region ids that cover ``box``; ``mapping`` gives their classes."""
        self._box, self._mapping = box, mapping
        self._ids = np.ascontiguousarray(regions)
        self._renew()

    def colour(self, classes: Sequence[LabelClass]) -> None:
        self._classes = classes
        if self.active:
            self._renew()

    def clear(self) -> None:
        if self.active:
            self._ids = self._image = None
            self.changed.emit()

    def _renew(self) -> None:
        ids = self._ids
        if ids is None:
            return
        colours = {label.id: label.colour for label in self._classes if label.visible}
        table = [0] * 256
        for region, id in self._mapping.items():
            if id in colours and region != UNLABELLED:
                table[region] = argb(colours[id], GLOW)
        height, width = ids.shape
        image = QImage(ids.data, width, height, width, QImage.Format.Format_Indexed8)
        image.setColorTable(table)
        self._image = image
        self.changed.emit()

    def draw(self, painter: QPainter, view: Viewport, ratio: float) -> bool:
        """Draw the preview; false where there is none."""
        if self._image is None:
            return False
        painter.drawImage(view.rect(self._box, ratio), self._image)
        return True
