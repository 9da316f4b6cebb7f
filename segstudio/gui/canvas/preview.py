"""What a segmenter would propose, shown while its sliders move. Part of no project."""

from collections.abc import Mapping, Sequence

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage, QPainter

from segstudio.domain.classes import UNLABELLED, LabelClass
from segstudio.domain.geometry import Box
from segstudio.domain.tiles import Ids
from segstudio.gui.canvas.colours import Colours, colours_of
from segstudio.gui.canvas.drawn import indexed
from segstudio.gui.canvas.hatch import Hatch
from segstudio.gui.canvas.viewport import Viewport


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
        self._opacity, self._hatched = 0.5, False
        self._solo: int | None = None
        self._colours = Colours()

    @property
    def active(self) -> bool:
        return self._ids is not None

    def show(self, box: Box, regions: Ids, mapping: Mapping[int, int]) -> None:
        """Show region ids that cover ``box``; ``mapping`` gives their classes."""
        self._box, self._mapping = box, mapping
        self._ids = np.ascontiguousarray(regions)
        self._renew()

    def colour(
        self, classes: Sequence[LabelClass], opacity: float, solo: int | None, hatch: bool
    ) -> None:
        """Give the regions the colours of the classes that are seen."""
        self._classes, self._opacity, self._solo, self._hatched = classes, opacity, solo, hatch
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
        mapping = {region: id for region, id in self._mapping.items() if region != UNLABELLED}
        self._colours = colours_of(
            self._classes, self._opacity, solo=self._solo, hatch=self._hatched, regions=mapping
        )
        self._image = indexed(ids, self._colours.fill)
        self.changed.emit()

    def draw(
        self, painter: QPainter, view: Viewport, ratio: float, hatch: Hatch | None = None
    ) -> bool:
        """Draw the preview; false where there is none."""
        if self._image is None or self._ids is None:
            return False
        where = view.rect(self._box, ratio)
        painter.drawImage(where, self._image)
        if hatch is not None:
            hatch.draw(painter, self._ids, where, view.origin, ratio, self._colours)
        return True
