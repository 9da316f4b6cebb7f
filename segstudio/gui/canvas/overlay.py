"""Class ids as coloured tiles over the picture, kept up to date stroke by stroke."""

import logging
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage, QPainter

from segstudio.domain.classes import UNLABELLED, LabelClass
from segstudio.domain.geometry import Box
from segstudio.domain.tiles import TILE, Ids, Key, Layer, SparseLayer, blank, keys_of, tile_box
from segstudio.gui.canvas.viewport import Viewport
from segstudio.gui.session import Session
from segstudio.store.rasters import Readers

log = logging.getLogger(__name__)

BUDGET = 1024
"""Drawn tiles held (64 kB each)."""

AT_ONCE = 24
"""Stored tiles that may be unpacked while painting; more are left to the readers."""

Place = tuple[int, int, int]
"""Level (÷2 each), row and column of a drawn tile."""


class Drawn:
    """A drawn tile: its ids, and the images that Qt paints from them."""

    def __init__(self, ids: Ids) -> None:
        self.ids = ids
        self._fill: QImage | None = None
        self._edge: tuple[Ids, QImage] | None = None

    def fill(self, table: list[int]) -> QImage:
        if self._fill is None:
            self._fill = _indexed(self.ids, table)
        return self._fill

    def edge(self, table: list[int]) -> QImage:
        """Return the outlines: pixels that differ from the one below or to the right."""
        if self._edge is None:
            ids = outline(self.ids)
            self._edge = (ids, _indexed(ids, table))
        return self._edge[1]

    def renew(self) -> None:
        """The ids have changed, or the colours: fresh wrappers keep Qt from using its caches."""
        self._fill = self._edge = None


class OverlayTiles(QObject):
    """One layer of the open image, drawn from 256-px tiles of any level.

    A level-k tile holds every 2^k-th pixel, so changes are patched in place at any zoom.
    """

    arrived = Signal(Box)
    _made = Signal(int, object, object)

    def __init__(self, session: Session, layer: Layer, readers: Readers) -> None:
        super().__init__(session)
        self._session, self._layer, self._readers = session, layer, readers
        self._tiles: OrderedDict[Place, Drawn | None] = OrderedDict()
        self._asked: dict[Place, list[Box]] = {}
        self._turn = 0
        self._table: list[int] = [0] * 256
        self._edges: list[int] = [0] * 256
        # Queued even where the answer is there at once: nobody is answered while asking.
        self._made.connect(self._arrive, Qt.ConnectionType.QueuedConnection)

    def clear(self) -> None:
        """Forget all tiles."""
        self._turn += 1
        self._tiles.clear()
        self._asked.clear()

    def colour(self, classes: Sequence[LabelClass], opacity: float) -> None:
        """Give the ids their colours; those without a visible class are not drawn."""
        self._table, self._edges = [0] * 256, [0] * 256
        for label in classes:
            if label.visible:
                self._table[label.id] = argb(label.colour, opacity)
                self._edges[label.id] = argb(darker(label.colour), 0.95)
        for tile in self._tiles.values():
            if tile is not None:
                tile.renew()

    def patch(self, boxes: Iterable[Box], level: int) -> None:
        """Bring drawn tiles up to what the session has now inside the boxes."""
        levels = {place[0] for place in self._tiles}
        for box in boxes:
            for waiting in self._asked.values():
                waiting.append(box)
            for place in self._drawn_over(box, levels):
                if place[0] == level:
                    self._patch_tile(place, box)
                else:
                    del self._tiles[place]

    def _drawn_over(self, box: Box, levels: Iterable[int]) -> list[Place]:
        places = (
            (level, part.top // (TILE << level), part.left // (TILE << level))
            for level in levels
            for part in box.tiles(TILE << level)
        )
        return [place for place in places if place in self._tiles]

    def draw(
        self,
        painter: QPainter,
        view: Viewport,
        part: Box,
        ratio: float,
        fill: bool = True,
        outlines: bool = False,
    ) -> None:
        """Draw the ids inside ``part`` of the image: their areas, their outlines, or both."""
        level = view.level(12)
        step = TILE << level
        for box in part.tiles(step):
            place = (level, box.top // step, box.left // step)
            tile = self._tile(place)
            if tile is not None:
                where = view.rect(_box(place), ratio)
                if fill:
                    painter.drawImage(where, tile.fill(self._table))
                if outlines:
                    painter.drawImage(where, tile.edge(self._edges))

    def _meets(self, place: Place, box: Box) -> bool:
        level, row, column = place
        size = TILE << level
        return (
            row * size < box.bottom
            and box.top < (row + 1) * size
            and column * size < box.right
            and box.left < (column + 1) * size
        )

    def _tile(self, place: Place) -> Drawn | None:
        if place in self._tiles:
            self._tiles.move_to_end(place)
            return self._tiles[place]
        layers = self._session.layers
        if layers is None or place in self._asked:
            return None
        stored = [key for key in _stored_keys(place) if self._exists(key)]
        if len(stored) <= AT_ONCE:
            return self._keep(place, self._decimated(place, stored))
        self._ask(place, layers[self._layer].copy(), stored)
        return None

    def _exists(self, key: Key) -> bool:
        session = self._session
        drawn = session.draft is not None and session.draft.tile(self._layer, key) is not None
        return drawn or (session.layers is not None and key in session.layers[self._layer])

    def _decimated(self, place: Place, stored: Sequence[Key]) -> Ids | None:
        if not stored:
            return None
        out = blank()
        for key in stored:
            found = self._session.tile(self._layer, key)
            if found is not None:
                out[_spot(place, key)] = found[:: 1 << place[0], :: 1 << place[0]]
        return out

    def _keep(self, place: Place, ids: Ids | None) -> Drawn | None:
        tile = None if ids is None else Drawn(ids)
        self._tiles[place] = tile
        while len(self._tiles) > BUDGET:
            self._tiles.popitem(last=False)
        return tile

    def _patch_tile(self, place: Place, box: Box) -> None:
        tile = self._tiles[place]
        if tile is None:
            del self._tiles[place]
            return
        self._copy_part(tile.ids, place, box)
        tile.renew()

    def _copy_part(self, ids: Ids, place: Place, box: Box) -> None:
        level = place[0]
        stride = 1 << level
        for key in keys_of(box.clipped(_box(place))):
            whole = tile_box(key)
            part = whole.clipped(box)
            rows = _sampled(part.top - whole.top, part.bottom - whole.top, stride)
            cols = _sampled(part.left - whole.left, part.right - whole.left, stride)
            found = self._session.tile(self._layer, key)
            target = ids[_spot(place, key)][rows, cols]
            if found is None:
                target[:] = UNLABELLED
            else:
                target[:] = found[::stride, ::stride][rows, cols]

    def _ask(self, place: Place, layer: SparseLayer, stored: Sequence[Key]) -> None:
        draft = self._session.draft
        self._asked[place] = draft.boxes() if draft is not None else []
        turn, stride = self._turn, 1 << place[0]

        def make() -> Ids:
            out = blank()
            for key in stored:
                tile = layer.get(key)
                if tile is not None:
                    out[_spot(place, key)] = tile.array[::stride, ::stride]
            return out

        def tell(done: "Future[Ids]") -> None:
            if not done.cancelled():
                try:
                    self._made.emit(turn, place, done)
                except RuntimeError:
                    log.debug("a tile was made after its window was gone")

        self._readers.submit(make).add_done_callback(tell)

    def _arrive(self, turn: int, place: Place, done: "Future[Any]") -> None:
        if turn != self._turn:
            return
        changed = self._asked.pop(place, [])
        tile = self._keep(place, done.result())
        if tile is not None:
            for box in changed:
                if self._meets(place, box):
                    self._copy_part(tile.ids, place, box)
        self.arrived.emit(_box(place))


def argb(colour: tuple[int, int, int], opacity: float) -> int:
    """Return a colour for a table of Qt: not premultiplied, opacity 0…1."""
    red, green, blue = colour
    return (round(255 * opacity) << 24) | (red << 16) | (green << 8) | blue


def darker(colour: tuple[int, int, int]) -> tuple[int, int, int]:
    red, green, blue = colour
    return red * 5 // 8, green * 5 // 8, blue * 5 // 8


def _indexed(ids: Ids, table: list[int]) -> QImage:
    image = QImage(ids.data, TILE, TILE, TILE, QImage.Format.Format_Indexed8)
    image.setColorTable(table)
    return image


def _box(place: Place) -> Box:
    level, row, column = place
    step = TILE << level
    return Box(row * step, column * step, (row + 1) * step, (column + 1) * step)


def _stored_keys(place: Place) -> Iterable[Key]:
    return keys_of(_box(place))


def _sampled(start: int, end: int, stride: int) -> slice:
    """Return which of every ``stride``-th pixels lie in start:end."""
    return slice(-(-start // stride), (end - 1) // stride + 1)


def _spot(place: Place, key: Key) -> tuple[slice, slice]:
    """Return where a stored tile lies in a drawn one."""
    level, row, column = place
    side = TILE >> level if level <= 8 else 1
    top = (key[0] - (row << level)) * TILE >> level
    left = (key[1] - (column << level)) * TILE >> level
    return slice(top, top + side), slice(left, left + side)


def outline(ids: Ids) -> Ids:
    """Keep only the pixels that have a neighbour of another id; the others become 255."""
    edge = np.zeros(ids.shape, bool)
    edge[:, :-1] |= ids[:, :-1] != ids[:, 1:]
    edge[:-1] |= ids[:-1] != ids[1:]
    return np.where(edge, ids, np.uint8(UNLABELLED))
