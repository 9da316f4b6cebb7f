"""What a segmenter would propose, shown while sliders and brush move. Part of no project."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QImage, QPainter

from segstudio.domain.classes import UNLABELLED, LabelClass
from segstudio.domain.geometry import Box
from segstudio.domain.tiles import Ids
from segstudio.gui.canvas.colours import Colours, colours_of
from segstudio.gui.canvas.drawn import indexed
from segstudio.gui.canvas.hatch import Hatch
from segstudio.gui.canvas.heat import heat_table
from segstudio.gui.canvas.viewport import Viewport


@dataclass(frozen=True, eq=False)
class Piece:
    """Region ids over a box of the image, reduced in size; how unsure each is, × 255."""

    box: Box
    ids: Ids
    doubt: NDArray[np.uint8] | None = None


@dataclass(frozen=True, eq=False)
class Doubtful:
    """How unsure a preview is of a box of the image, × 255, reduced in size."""

    box: Box
    doubt: NDArray[np.uint8]


class PreviewOverlay(QObject):
    """Regions in the colours of their classes: pieces of the image, the sharpest first.

    Of each only what no earlier one covers is seen.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pieces: list[Piece] = []
        self._images: list[QImage] = []
        self._heats: list[QImage] = []
        self._doubts: list[NDArray[np.uint8]] = []
        self._mapping: Mapping[int, int] = {}
        self.beneath = False
        self._classes: Sequence[LabelClass] = ()
        self._opacity, self._hatched = 0.5, False
        self._solo: int | None = None
        self._colours = Colours()

    @property
    def active(self) -> bool:
        return bool(self._pieces)

    @property
    def doubtful(self) -> bool:
        """Whether it can tell how unsure it is."""
        return bool(self._heats)

    @property
    def widest_doubt(self) -> Doubtful | None:
        """How unsure it is of as much of the image as there is; None where it cannot tell."""
        if not self.doubtful:
            return None
        last = self._pieces[-1]
        return Doubtful(last.box, self._doubts[-1])

    def show(
        self, pieces: Sequence[Piece], mapping: Mapping[int, int], beneath: bool = False
    ) -> None:
        """Show region ids; ``mapping`` gives their classes.

        With ``beneath`` the mask lies over them: strokes from which they come stay in sight.
        """
        self._mapping, self.beneath = mapping, beneath
        self._pieces = [replace(p, ids=np.ascontiguousarray(p.ids)) for p in pieces]
        doubts = [np.ascontiguousarray(p.doubt) for p in pieces if p.doubt is not None]
        whole = len(doubts) == len(pieces)
        self._heats = [indexed(doubt, heat_table()) for doubt in doubts] if whole else []
        self._doubts = doubts  # Qt does not copy them
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
            self._pieces, self._images, self._heats = [], [], []
            self.changed.emit()

    def _renew(self) -> None:
        mapping = {region: id for region, id in self._mapping.items() if region != UNLABELLED}
        self._colours = colours_of(
            self._classes, self._opacity, solo=self._solo, hatch=self._hatched, regions=mapping
        )
        self._images = [indexed(piece.ids, self._colours.fill) for piece in self._pieces]
        self.changed.emit()

    def draw(
        self, painter: QPainter, view: Viewport, ratio: float, hatch: Hatch | None = None
    ) -> bool:
        """Draw the preview; false where there is none."""

        def draw(place: int, where: QRectF) -> None:
            painter.drawImage(where, self._images[place])
            if hatch is not None:
                ids = self._pieces[place].ids
                hatch.draw(painter, ids, where, view.origin, ratio, self._colours)

        self._each(painter, view, ratio, draw)
        return self.active

    def draw_heat(self, painter: QPainter, view: Viewport, ratio: float) -> bool:
        """Draw how unsure it is; false where it cannot tell."""
        if self.doubtful:
            self._each(
                painter, view, ratio,
                lambda place, where: painter.drawImage(where, self._heats[place]),
            )  # fmt: skip
        return self.doubtful

    def _each(
        self, painter: QPainter, view: Viewport, ratio: float, draw: Callable[[int, QRectF], None]
    ) -> None:
        """Draw each piece where none before it lies."""
        covered: QRectF | None = None
        for place, piece in enumerate(self._pieces):
            where = view.rect(piece.box, ratio)
            if covered is None:
                draw(place, where)
            else:
                for part in around(where, covered):
                    painter.save()
                    painter.setClipRect(part, Qt.ClipOperation.IntersectClip)
                    draw(place, where)
                    painter.restore()
            covered = where if covered is None else covered.united(where)


def around(outer: QRectF, inner: QRectF) -> list[QRectF]:
    """Return up to four rectangles that are what ``inner`` leaves of ``outer``."""
    hole = inner.intersected(outer)
    if hole.isEmpty():
        return [outer]
    left, right = outer.left(), outer.right()
    parts = [
        QRectF(left, outer.top(), outer.width(), hole.top() - outer.top()),
        QRectF(left, hole.bottom(), outer.width(), outer.bottom() - hole.bottom()),
        QRectF(left, hole.top(), hole.left() - left, hole.height()),
        QRectF(hole.right(), hole.top(), right - hole.right(), hole.height()),
    ]
    return [part for part in parts if not part.isEmpty()]
