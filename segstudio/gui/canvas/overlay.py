"""Class ids as coloured tiles over the picture, kept up to date stroke by stroke."""

import logging
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QPainter

from segstudio.domain.geometry import Box
from segstudio.domain.tiles import TILE, Ids, blank
from segstudio.gui.canvas.colours import Colours
from segstudio.gui.canvas.drawn import (
    Drawn,
    Place,
    composed,
    copy_part,
    decimated,
    finer,
    most,
    place_box,
    under,
)
from segstudio.gui.canvas.hatch import Hatch
from segstudio.gui.canvas.held import HeldTiles
from segstudio.gui.canvas.sources import Tiles, TileSource
from segstudio.gui.canvas.viewport import Viewport
from segstudio.store.rasters import Readers

log = logging.getLogger(__name__)

LEVELS = 12
"""The coarsest level that is drawn."""

AT_ONCE = 24
"""Stored tiles that may be unpacked in one painting; more are left to the readers."""

SCANNED = 1024
"""Tiles that may be looked for in one painting."""

PATCHED = 48
"""Boxes of one change up to which drawn tiles are mended at once; beyond, made anew."""


@dataclass(frozen=True)
class Look:
    """What is drawn of the ids."""

    fill: bool = True
    outlines: bool = False
    hatch: Hatch | None = None


@dataclass
class _Asked:
    """A drawn tile that the readers are making, and where it has changed since."""

    changed: list[Box]
    future: "Future[Ids | None] | None" = None


@dataclass
class _Spare:
    """What one painting may still do itself."""

    scans: int = field(default_factory=lambda: SCANNED)
    unpacked: int = field(default_factory=lambda: AT_ONCE)


class OverlayTiles(QObject):
    """Ids of the open image from any source, drawn from 256-px tiles of any level.

    A level-k tile holds every 2^k-th pixel, so changes are patched in place at any zoom.
    """

    arrived = Signal(Box)
    _made = Signal(int, object, object)

    def __init__(self, source: TileSource, readers: Readers, parent: QObject) -> None:
        super().__init__(parent)
        self.source = source
        self._readers = readers
        self._tiles = HeldTiles()
        self._asked: dict[Place, _Asked] = {}
        self._snapshot: Tiles | None = None
        self._turn = 0
        self._colours = Colours()
        # Queued even where the answer is there at once: nobody is answered while asking.
        self._made.connect(self._arrive, Qt.ConnectionType.QueuedConnection)

    def clear(self) -> None:
        """Forget all tiles."""
        self._turn += 1
        for asked in self._asked.values():
            if asked.future is not None:
                asked.future.cancel()
        self._tiles.clear()
        self._asked.clear()
        self._snapshot = None

    def colour(self, colours: Colours) -> None:
        """Give the ids their colours."""
        self._colours = colours
        self._tiles.renew()

    # -- changes ---------------------------------------------------------------------

    def patch(self, boxes: Sequence[Box], level: int) -> None:
        """Bring drawn tiles up to what the source has now inside the boxes."""
        if len(boxes) > PATCHED:
            self._outdate(_around(boxes), level)
            return
        levels = self._tiles.levels()
        for box in boxes:
            for asked in self._asked.values():
                asked.changed.append(box)
            for place in self._tiles.over(box, levels):
                if place[0] == level:
                    self._patch_tile(place, box)
                else:
                    self._tiles.drop(place)

    def _patch_tile(self, place: Place, box: Box) -> None:
        tile = self._tiles.get(place)
        if tile is None:
            self._tiles.drop(place)
            return
        copy_part(tile.ids, self.source, place, box)
        tile.renew()

    def _outdate(self, box: Box, level: int) -> None:
        """Have what is drawn inside a box made anew; it is shown as it was until then."""
        for place in self._tiles.inside(box):
            if place[0] == level and self._tiles.get(place) is not None:
                self._tiles.stale.add(place)
            else:
                self._tiles.drop(place)
        self._tiles.stale |= {place for place in self._asked if place_box(place).clipped(box)}

    # -- drawing ---------------------------------------------------------------------

    def draw(
        self, painter: QPainter, view: Viewport, part: Box, ratio: float, look: Look | None = None
    ) -> None:
        """Draw the ids inside ``part`` of the image."""
        level = view.level(LEVELS)
        step = TILE << level
        spare, look = _Spare(), look or Look()
        self._snapshot = None
        for box in part.tiles(step):
            place = (level, box.top // step, box.left // step)
            tile = self._tile(place, spare)
            where = view.rect(place_box(place), ratio)
            if tile is not None:
                self._paint(painter, view, tile, where, ratio, look)
            elif place in self._asked:
                self._stand_in(painter, view, place, where, ratio)
        self._snapshot = None
        self._take_back(level)

    def _paint(
        self,
        painter: QPainter,
        view: Viewport,
        tile: Drawn,
        where: QRectF,
        ratio: float,
        look: Look,
    ) -> None:
        if look.fill:
            painter.drawImage(where, tile.fill(self._colours.fill))
            if look.hatch is not None:
                look.hatch.draw(painter, tile.ids, where, view.origin, ratio, self._colours)
        if look.outlines:
            painter.drawImage(where, tile.edge(self._colours.edge))

    def _stand_in(
        self, painter: QPainter, view: Viewport, place: Place, where: QRectF, ratio: float
    ) -> None:
        """Draw what is there of other levels until a tile is made."""
        level, row, column = place
        for up in range(1, 4):
            tile = self._tiles.get((level + up, row >> up, column >> up))
            if tile is not None:
                side = TILE >> up
                left, top = (column % (1 << up)) * side, (row % (1 << up)) * side
                fill = tile.fill(self._colours.fill)
                painter.drawImage(where, fill, QRectF(left, top, side, side))
                return
        for sharper in finer(place) if level else []:
            tile = self._tiles.get(sharper)
            if tile is not None:
                rect = view.rect(place_box(sharper), ratio)
                painter.drawImage(rect, tile.fill(self._colours.fill))

    # -- tiles -----------------------------------------------------------------------

    def _tile(self, place: Place, spare: _Spare) -> Drawn | None:
        if place in self._tiles:
            if place in self._tiles.stale and place not in self._asked:
                self._ask(place)
            return self._tiles.show(place)
        if place in self._asked:
            return None
        if self._composed(place):
            return self._tiles.get(place)
        scans = min(len(self.source), most(place))
        if scans <= spare.scans:
            spare.scans -= scans
            stored = under(self.source, place)
            if len(stored) <= spare.unpacked:
                spare.unpacked -= len(stored)
                return self._tiles.keep(
                    place, decimated(self.source, place, stored) if stored else None
                )
        self._ask(place)
        return None

    def _composed(self, place: Place) -> bool:
        """Make a tile of the four that are sharper, where all of them are drawn."""
        image = self.source.box
        parts = finer(place) if place[0] else []
        if not parts or any(
            p in self._tiles.stale
            or p in self._asked
            or (p not in self._tiles and place_box(p).clipped(image))
            for p in parts
        ):
            return False
        self._tiles.keep(place, composed([self._tiles.get(p) for p in parts]))
        return True

    # -- the readers -----------------------------------------------------------------

    def _ask(self, place: Place) -> None:
        if self._snapshot is None:
            self._snapshot = self.source.snapshot()
        tiles, turn = self._snapshot, self._turn
        asked = self._asked[place] = _Asked(self.source.unsettled())
        self._tiles.stale.discard(place)

        def make() -> Ids | None:
            stored = under(tiles, place) if turn == self._turn else []
            return decimated(tiles, place, stored) if stored else None

        def tell(done: "Future[Ids | None]") -> None:
            if not done.cancelled():
                try:
                    self._made.emit(turn, place, done)
                except RuntimeError:
                    log.debug("a tile was made after its window was gone")

        asked.future = self._readers.submit(make)
        asked.future.add_done_callback(tell)

    def _arrive(self, turn: int, place: Place, done: "Future[Any]") -> None:
        asked = self._asked.get(place)
        if turn != self._turn or asked is None or asked.future is not done:
            return
        del self._asked[place]
        if done.exception() is not None:
            log.error("a tile of a mask cannot be drawn", exc_info=done.exception())
        stale = place in self._tiles.stale
        ids = None if done.exception() is not None else done.result()
        changed = [box for box in asked.changed if place_box(place).clipped(box)]
        if ids is None and changed:
            ids = blank()
        if ids is not None:
            for box in changed:
                copy_part(ids, self.source, place, box)
        self._tiles.keep(place, ids)
        if stale:
            self._tiles.stale.add(place)
        self.arrived.emit(place_box(place))

    def _take_back(self, level: int) -> None:
        """Take back what was asked for at levels that nobody looks at any more."""
        for place, asked in list(self._asked.items()):
            if place[0] != level and asked.future is not None and asked.future.cancel():
                del self._asked[place]
                self._tiles.drop(place)  # what is shown meanwhile is out of date


def _around(boxes: Sequence[Box]) -> Box:
    return Box(
        min(box.top for box in boxes),
        min(box.left for box in boxes),
        max(box.bottom for box in boxes),
        max(box.right for box in boxes),
    )
