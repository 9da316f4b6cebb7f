"""Draws a comparison: both sides beside each other, or where they differ."""

from dataclasses import dataclass

from PySide6.QtCore import QObject, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from segstudio.domain.geometry import Box
from segstudio.domain.tiles import Layer, SparseLayer
from segstudio.gui import theme
from segstudio.gui.canvas.colours import Colours, argb, colours_of
from segstudio.gui.canvas.overlay import LEVELS, Look, OverlayTiles
from segstudio.gui.canvas.overlays import Overlays
from segstudio.gui.canvas.panes import Pane, half
from segstudio.gui.canvas.sources import (
    DIFFERENT,
    ONLY_FIRST,
    ONLY_SECOND,
    SAME,
    Difference,
    SessionLayer,
    Still,
    TileSource,
)
from segstudio.gui.canvas.viewport import Viewport
from segstudio.gui.comparing import Comparing, Mode
from segstudio.gui.session import Session
from segstudio.store.rasters import Readers

FIRST_COLOUR, SECOND_COLOUR, DIFFERENT_COLOUR = (230, 159, 0), (86, 180, 233), (204, 51, 140)
"""Of pixels that only A has, that only B has, and of different classes: told apart by
colour-blind people too (after Okabe & Ito)."""

_STRONG, _QUIET = 0.8, 0.16

PLATE = 24
"""Side of the plates with the letters, in px."""
BELOW = 96
"""How far they lie from the top: below the bar."""


@dataclass(frozen=True)
class _Side:
    """One side over its part of the canvas."""

    tiles: OverlayTiles | None
    overlays: Overlays
    session: Session

    def draw(self, painter: QPainter, view: Viewport, part: Box, ratio: float) -> None:
        over = self.overlays
        if self.tiles is None or not self.session.view.overlay:
            return
        # What is previewed will become the proposal.
        if self.tiles is over.proposal and over.draw_preview(painter, view, ratio):
            return
        self.tiles.draw(painter, view, part, ratio, over.look())


@dataclass(frozen=True)
class _Differences:
    """Where two sides differ."""

    tiles: OverlayTiles | None
    session: Session

    def draw(self, painter: QPainter, view: Viewport, part: Box, ratio: float) -> None:
        if self.tiles is not None and self.session.view.overlay:
            self.tiles.draw(painter, view, part, ratio, Look())


class Comparison(QObject):
    """What the canvas shows of a comparison while it is on."""

    changed = Signal(object)  # the box to be drawn again, None for all
    rearranged = Signal()

    def __init__(
        self, comparing: Comparing, session: Session, overlays: Overlays, readers: Readers
    ) -> None:
        super().__init__(overlays)
        self._comparing, self._session = comparing, session
        self._overlays, self._readers = overlays, readers
        self._shown: list[Layer | SparseLayer | None] = [None, None]
        self._sides: list[OverlayTiles | None] = [None, None]
        self._difference: OverlayTiles | None = None
        self._arranged: tuple[bool, Mode] | None = None
        comparing.changed.connect(self._follow)
        comparing.moved.connect(lambda: self.changed.emit(None))
        session.image_opened.connect(self._forget)
        session.image_closed.connect(self._forget)
        session.classes_changed.connect(self._recolour)
        session.view.overlay_changed.connect(self._recolour)

    @property
    def active(self) -> bool:
        return self._comparing.active

    # -- panes -----------------------------------------------------------------------

    def panes(self, whole: QRect) -> list[Pane]:
        """Return the parts of the canvas; both show the same part of the image side by side."""
        comparing = self._comparing
        if comparing.mode == Mode.DIFFERENCE:
            return [Pane(whole, 0, _Differences(self._difference, self._session))]
        first, second = (_Side(t, self._overlays, self._session) for t in self._sides)
        beside = comparing.mode == Mode.SIDE
        at = half(whole.width()) if beside else round(comparing.border * whole.width())
        left = QRect(0, 0, at, whole.height())
        right = QRect(at, 0, whole.width() - at, whole.height())
        return [Pane(left, 0, first), Pane(right, at if beside else 0, second)]

    def draw_border(self, painter: QPainter, whole: QRect) -> None:
        """Draw the line between the two, and a letter on either side of it."""
        panes = self.panes(whole)
        if len(panes) < 2:
            return
        at = panes[1].area.left()
        if self._comparing.mode == Mode.SIDE:
            painter.fillRect(at - 1, 0, 2, whole.height(), theme.colour("outline"))
        else:
            painter.fillRect(at - 2, 0, 4, whole.height(), QColor(0, 0, 0, 110))
            painter.fillRect(at - 1, 0, 2, whole.height(), QColor(255, 255, 255))
        for letter, left in (("A", at - theme.GAP - PLATE), ("B", at + theme.GAP)):
            _draw_letter(painter, QPointF(left, BELOW), letter)

    # -- keeping up ------------------------------------------------------------------

    def patch(self, layer: Layer, boxes: list[Box], view: Viewport) -> None:
        """A layer of the session has changed inside the boxes."""
        if self.active and self._difference is not None and layer in self._shown:
            if self._comparing.mode == Mode.DIFFERENCE:
                self._difference.patch(boxes, view.level(LEVELS))
            else:
                self._difference.clear()

    def _forget(self) -> None:
        for tiles in (*self._sides, self._difference):
            if tiles is not None:
                tiles.clear()

    def _follow(self) -> None:
        comparing = self._comparing
        layers = [comparing.layer_of(which) if comparing.active else None for which in (0, 1)]
        if any(new is not old for new, old in zip(layers, self._shown, strict=True)):
            self._shown = layers
            self._replace()
        arranged = (comparing.active, comparing.mode)
        if arranged != self._arranged:
            self._arranged = arranged
            self._overlays.set_even(comparing.active)
            self.rearranged.emit()
        self.changed.emit(None)

    def _replace(self) -> None:
        """Make the tiles of both sides and of their difference anew."""
        mine = (*self._sides, self._difference)
        for tiles in mine:
            if tiles is not None and tiles not in (self._overlays.mask, self._overlays.proposal):
                tiles.clear()
                tiles.deleteLater()
        self._sides = [self._tiles(layer) for layer in self._shown]
        sources = [self._source(layer) for layer in self._shown]
        first, second = sources
        self._difference = None
        if first is not None and second is not None:
            self._difference = self._listened(Difference(first, second))
        self._recolour()

    def _tiles(self, layer: Layer | SparseLayer | None) -> OverlayTiles | None:
        if layer is None or isinstance(layer, Layer):
            return None if layer is None else self._overlays.of(layer)
        return self._listened(Still(layer))

    def _source(self, layer: Layer | SparseLayer | None) -> TileSource | None:
        if layer is None or isinstance(layer, Layer):
            return None if layer is None else SessionLayer(self._session, layer)
        return Still(layer)

    def _listened(self, source: TileSource) -> OverlayTiles:
        made = OverlayTiles(source, self._readers, self)
        made.arrived.connect(self.changed)
        return made

    def _recolour(self) -> None:
        state = self._session.view
        colours = colours_of(
            self._session.classes, state.opacity, solo=state.solo, hatch=state.hatch
        )
        for tiles in self._sides:
            if tiles is not None and tiles.parent() is self:
                tiles.colour(colours)
        if self._difference is not None:
            self._difference.colour(difference_colours())


def difference_colours() -> Colours:
    """Return how a difference looks: what agrees is quiet."""
    made = Colours()
    made.fill[ONLY_FIRST] = argb(FIRST_COLOUR, _STRONG)
    made.fill[ONLY_SECOND] = argb(SECOND_COLOUR, _STRONG)
    made.fill[DIFFERENT] = argb(DIFFERENT_COLOUR, _STRONG)
    made.fill[SAME] = argb((128, 128, 128), _QUIET)
    return made


def _draw_letter(painter: QPainter, corner: QPointF, text: str) -> None:
    """Draw a letter on a small plate with its upper left corner at a place."""
    plate = QRectF(corner.x(), corner.y(), PLATE, PLATE)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.colour("outline"), 1))
    painter.setBrush(theme.colour("panel", 0.94))
    painter.drawRoundedRect(plate.adjusted(0.5, 0.5, -0.5, -0.5), theme.RADIUS, theme.RADIUS)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setFont(theme.ui_font(theme.SECONDARY, QFont.Weight.DemiBold))
    painter.setPen(theme.colour("text"))
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)
