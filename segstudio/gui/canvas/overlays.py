"""Everything that lies over the picture: masks, proposals, previews, heat, comparisons."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QPainter

from segstudio.domain.geometry import Box
from segstudio.domain.tiles import Layer
from segstudio.gui.canvas.colours import colours_of
from segstudio.gui.canvas.hatch import Hatch
from segstudio.gui.canvas.heat import HeatOverlay
from segstudio.gui.canvas.overlay import LEVELS, Look, OverlayTiles
from segstudio.gui.canvas.preview import PreviewOverlay
from segstudio.gui.canvas.sources import SessionLayer
from segstudio.gui.canvas.spotlight import Spotlight
from segstudio.gui.canvas.viewport import Viewport
from segstudio.gui.session import Session
from segstudio.store.rasters import Readers

GLOW = 0.62
"""Opacity of what is only proposed."""


class Overlays(QObject):
    """Draws what the view state wants to see over the picture, in the order in which it lies."""

    changed = Signal(object)  # the box to be drawn again, None for all

    def __init__(self, session: Session, readers: Readers, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self.mask = OverlayTiles(SessionLayer(session, Layer.MASK), readers, self)
        self.proposal = OverlayTiles(SessionLayer(session, Layer.PROPOSAL), readers, self)
        self.preview = PreviewOverlay(self)
        self.heat = HeatOverlay(self)
        self.spotlight = Spotlight(session, self)
        self._hatch = Hatch()
        self._even = False
        for part in (self.preview, self.heat, self.spotlight):
            part.changed.connect(lambda: self.changed.emit(None))
        for tiles in (self.mask, self.proposal):
            tiles.arrived.connect(self.changed)
        for signal in (
            session.classes_changed, session.project_changed, session.view.overlay_changed,
        ):  # fmt: skip
            signal.connect(self.recolour)

    def of(self, layer: Layer) -> OverlayTiles | None:
        """Return what draws a layer of the open image."""
        return {Layer.MASK: self.mask, Layer.PROPOSAL: self.proposal}.get(layer)

    def clear(self) -> None:
        for part in (self.mask, self.proposal):
            part.clear()
        self.preview.clear()
        self.heat.clear()

    def recolour(self) -> None:
        """Give all ids the colours of their classes again."""
        state, classes = self._session.view, self._session.classes
        self.mask.colour(colours_of(classes, state.opacity, solo=state.solo, hatch=state.hatch))
        glow = state.opacity if self._even else GLOW
        self.proposal.colour(colours_of(classes, glow, solo=state.solo, hatch=state.hatch))
        self.preview.colour(classes, glow, state.solo, state.hatch)
        self.changed.emit(None)

    def set_even(self, even: bool) -> None:
        """Draw what is only proposed no stronger than the mask, so that both compare."""
        if even != self._even:
            self._even = even
            self.recolour()

    def patch(self, layer: Layer, boxes: list[Box], view: Viewport) -> None:
        """A layer has changed inside the boxes."""
        tiles = self.of(layer)
        if tiles is not None:
            tiles.patch(boxes, view.level(LEVELS))

    # -- drawing ---------------------------------------------------------------------

    def draw(self, painter: QPainter, view: Viewport, part: Box, ratio: float) -> None:
        """Draw the work on the open image, and dim what is not asked for."""
        self._draw_work(painter, view, part, ratio)
        self.spotlight.draw(painter, view, ratio)

    def _draw_work(self, painter: QPainter, view: Viewport, part: Box, ratio: float) -> None:
        """Draw masks, proposals and heat; under heat the masks are only outlines."""
        state = self._session.view
        doubtful = state.uncertainty and self.preview.doubtful
        heat = doubtful or (state.uncertainty and self.heat.active)
        if doubtful:
            self.preview.draw_heat(painter, view, ratio)
        elif heat:
            self.heat.draw(painter, view, ratio)
        if not state.overlay:
            return
        beneath = self.preview.beneath and self.preview.active
        if beneath and not doubtful:
            self.draw_preview(painter, view, ratio)
        outlines = state.outlines or heat or beneath
        self.mask.draw(painter, view, part, ratio, self.look(not heat, outlines))
        if not beneath and not self.draw_preview(painter, view, ratio):
            self.proposal.draw(painter, view, part, ratio, self.look(not heat, True))

    def draw_preview(self, painter: QPainter, view: Viewport, ratio: float) -> bool:
        """Draw what a segmenter would propose; false where nothing is previewed."""
        return self.preview.draw(painter, view, ratio, self._hatching)

    def look(self, fill: bool = True, outlines: bool | None = None) -> Look:
        """Return how ids are to be drawn now."""
        state = self._session.view
        return Look(fill, state.outlines if outlines is None else outlines, self._hatching)

    @property
    def _hatching(self) -> Hatch | None:
        return self._hatch if self._session.view.hatch else None
