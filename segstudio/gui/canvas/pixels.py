"""The pixels of the open picture as tiles that Qt can draw, read in the background."""

import logging
from concurrent.futures import Future
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QElapsedTimer, QObject, QRectF, Signal
from PySide6.QtGui import QImage, QPainter

from segstudio.domain.geometry import Box
from segstudio.domain.tiling import Tile
from segstudio.gui.answers import Answers
from segstudio.gui.canvas.backdrop import draw_checkers, draw_unread
from segstudio.gui.canvas.tile_store import TileStore
from segstudio.gui.canvas.viewport import Viewport
from segstudio.gui.coarse import AT_ONCE, Coarse, raw_bytes
from segstudio.store.display import Display, colours_of
from segstudio.store.pictures import Picture
from segstudio.store.rasters import Readers

log = logging.getLogger(__name__)

SIDE = 512
"""Side of a drawn tile, in pixels of its level."""

BUDGET = 128 * 1024**2
"""Bytes of drawn tiles that are kept."""

RAW_BUDGET = 64 * 1024**2
"""Bytes of numbers that are kept beside them, for pictures that are not in memory."""

PATIENCE = 2000
"""Milliseconds before what could not be read is tried again."""

Place = tuple[int, int, int]
"""Level, row and column of a tile."""


@dataclass(frozen=True)
class _Drawn:
    """A tile as it is drawn, and the number of the display that it was made with."""

    image: QImage
    version: int


class PixelTiles(QObject):
    """Draws the picture; what is not there yet is drawn from other levels meanwhile."""

    arrived = Signal(Box)
    failed = Signal(Exception)
    """A part cannot be read. Said once, and again only after it could be read meanwhile."""

    def __init__(self, readers: Readers, parent: QObject) -> None:
        super().__init__(parent)
        self._readers = readers
        self._answers = Answers(self)
        self._tiles = TileStore[Place, _Drawn](BUDGET, lambda tile: tile.image.sizeInBytes())
        self._raw = TileStore[Place, Tile](RAW_BUDGET, lambda tile: tile.pixels.nbytes)
        self._coarse: Coarse | None = None
        self._coarse_image = QImage()
        self._asked: dict[Place, Future[tuple[QImage, Tile]]] = {}
        self._turn = self._version = 0
        self._picture: Picture | None = None
        self._display: Display | None = None
        self._unread: dict[Place, tuple[object, ...]] = {}
        self._told = False
        self._since_failure = QElapsedTimer()
        self.image = Box(0, 0, 1, 1)

    # -- what is shown ---------------------------------------------------------------

    def clear(self) -> None:
        """Forget the picture."""
        self._forget_tiles()
        self._coarse, self._coarse_image = None, QImage()
        self._picture, self._display = None, None

    def _forget_tiles(self) -> None:
        self._turn += 1
        for future in self._asked.values():
            future.cancel()
        self._asked.clear()
        self._tiles.clear()
        self._raw.clear()
        self._unread.clear()
        self._told = False

    def show_coarse(self, image: Box, coarse: Coarse) -> None:
        """Show a small version of a picture, or a part of one, until its tiles arrive."""
        self.image = image
        self._coarse, self._coarse_image = coarse, as_qimage(coarse.colours)

    def show(self, picture: Picture, display: Display) -> None:
        """Show a picture; tiles of another one are forgotten."""
        if picture is not self._picture:
            self._forget_tiles()
        self._picture = picture
        self.set_display(display)

    def set_display(self, display: Display) -> None:
        """Show the picture in another way; old tiles stay until the new ones are made."""
        if display != self._display:
            self._display = display
            self._version += 1

    @property
    def levels(self) -> int:
        """How often the picture can be halved until it fits into one tile."""
        longest = max(self.image.height, self.image.width)
        return max(0, int(np.ceil(np.log2(max(longest, 1) / SIDE))))

    @property
    def anything(self) -> bool:
        """Whether there is something of the picture to draw."""
        return self._coarse is not None or bool(len(self._tiles))

    @property
    def complete(self) -> bool:
        """Whether everything that was asked for has arrived."""
        return self._picture is not None and not self._asked

    @property
    def nbytes(self) -> int:
        """Memory that tiles and their numbers take."""
        return self._tiles.nbytes + self._raw.nbytes

    # -- drawing ---------------------------------------------------------------------

    def draw(self, painter: QPainter, view: Viewport, part: Box, ratio: float) -> None:
        """Draw the pixels of ``part`` of the image."""
        level = view.level(self.levels)
        self._drop_others(view, level)
        step = SIDE << level
        for box in part.tiles(step):
            place = (level, box.top // step, box.left // step)
            if self._coarse_will_do(place):
                self._draw_coarse(painter, view, self._box(place), ratio)
                continue
            tile = self._tiles.get(place)
            if tile is not None:
                self._draw_image(painter, view, view.rect(self._box(place), ratio), tile.image)
            else:
                self._draw_instead(painter, view, place, ratio)
            if tile is None or tile.version != self._version:
                self._want(place, view)

    def _draw_image(
        self, painter: QPainter, view: Viewport, target: QRectF, image: QImage,
        source: QRectF | None = None,
    ) -> None:  # fmt: skip
        if image.hasAlphaChannel():
            draw_checkers(painter, target, view.to_view(0, 0))
        painter.drawImage(target, image, QRectF(image.rect()) if source is None else source)

    def _draw_instead(self, painter: QPainter, view: Viewport, place: Place, ratio: float) -> None:
        """Draw what is known of a tile that is not there: from coarser levels, then finer."""
        box = self._box(place)
        if not self._draw_ancestor(painter, view, place, ratio):
            self._draw_coarse(painter, view, box, ratio)
        level, row, column = place
        for child in [(level - 1, 2 * row + i, 2 * column + j) for i in (0, 1) for j in (0, 1)]:
            tile = self._tiles.get(child)
            if tile is not None:
                self._draw_image(painter, view, view.rect(self._box(child), ratio), tile.image)
        if place in self._unread:
            draw_unread(painter, view.rect(box, ratio))

    def _draw_ancestor(self, painter: QPainter, view: Viewport, place: Place, ratio: float) -> bool:
        """Draw a tile's part of the sharpest coarser tile; false where there is none."""
        level, row, column = place
        for up in range(1, self.levels - level + 1):
            above = (level + up, row >> up, column >> up)
            if self._coarse is not None and self._coarse.stride <= 1 << above[0]:
                return False
            tile = self._tiles.get(above)
            if tile is not None:
                box = self._box(place)
                source = _within(box, self._box(above), 1 << above[0])
                self._draw_image(painter, view, view.rect(box, ratio), tile.image, source)
                return True
        return False

    def _draw_coarse(self, painter: QPainter, view: Viewport, box: Box, ratio: float) -> None:
        coarse = self._coarse
        known = box.clipped(coarse.box) if coarse is not None else None
        if coarse is not None and known:
            source = _within(known, coarse.box, coarse.stride)
            self._draw_image(painter, view, view.rect(known, ratio), self._coarse_image, source)

    def _box(self, place: Place) -> Box:
        level, row, column = place
        step = SIDE << level
        box = Box(row * step, column * step, (row + 1) * step, (column + 1) * step)
        return box.clipped(self.image)

    def _coarse_will_do(self, place: Place) -> bool:
        """Whether the coarse picture is as sharp as a tile would be."""
        coarse, box = self._coarse, self._box(place)
        if coarse is None or coarse.stride > 1 << place[0]:
            return False
        return box.clipped(coarse.box) == box

    # -- asking ----------------------------------------------------------------------

    def _want(self, place: Place, view: Viewport) -> None:
        """Ask for a tile, unless it would take too long, or just now was not to be had."""
        picture = self._picture
        if picture is None or self._display is None or place in self._asked:
            return
        if place[0] and raw_bytes(picture, self._box(place), 1 << place[0]) > AT_ONCE:
            return
        if place in self._unread:
            waited = self._since_failure.elapsed() > PATIENCE
            if not waited or self._unread[place] == _place_of(view):
                return
        self._ask(picture, self._display, place, _place_of(view))

    def _ask(
        self, picture: Picture, display: Display, place: Place, seen_from: tuple[object, ...]
    ) -> None:
        box, stride, raw = self._box(place), 1 << place[0], self._raw.get(place)

        def read() -> tuple[QImage, Tile]:
            tile = picture.read(box, stride) if raw is None else raw
            return as_qimage(colours_of(tile, display)), tile

        future = self._readers.submit(read)
        self._asked[place] = future
        turn, version = self._turn, self._version
        self._answers.when_done(
            future, lambda done: self._arrive(turn, version, place, seen_from, done)
        )

    def _arrive(
        self, turn: int, version: int, place: Place, seen_from: tuple[object, ...],
        done: "Future[tuple[QImage, Tile]]",
    ) -> None:  # fmt: skip
        if turn != self._turn or done.cancelled():
            return
        self._asked.pop(place, None)
        error = done.exception()
        if error is not None:
            self._fail(place, seen_from, error)
        else:
            image, tile = done.result()
            self._keep(place, _Drawn(image, version), tile)
        self.arrived.emit(self._box(place))

    def _keep(self, place: Place, drawn: _Drawn, tile: Tile) -> None:
        if self._unread.pop(place, None) is not None:
            self._told = False
        self._tiles.put(place, drawn)
        picture = self._picture
        if picture is not None and not picture.nbytes and tile.pixels.nbytes <= RAW_BUDGET // 4:
            self._raw.put(place, tile)

    def _fail(self, place: Place, seen_from: tuple[object, ...], error: BaseException) -> None:
        log.warning("a part of the picture cannot be read: %s", error)
        self._unread[place] = seen_from
        self._since_failure.start()
        if not self._told:
            self._told = True
            self.failed.emit(error)

    def _drop_others(self, view: Viewport, level: int) -> None:
        """Take back requests for what nobody looks at any more."""
        sight = view.box(QRectF(0, 0, view.size.width(), view.size.height()))
        for place, future in list(self._asked.items()):
            seen = place[0] == level and self._box(place).clipped(sight)
            if not seen and future.cancel():
                del self._asked[place]


def _within(box: Box, of: Box, stride: int) -> QRectF:
    """Return where a box lies in the image of another one, ``stride`` times smaller."""
    return QRectF(
        (box.left - of.left) / stride,
        (box.top - of.top) / stride,
        box.width / stride,
        box.height / stride,
    )


def _place_of(view: Viewport) -> tuple[object, ...]:
    return view.zoom, view.origin.x(), view.origin.y()


def as_qimage(colours: NDArray[np.uint8]) -> QImage:
    """Return an image of its own from height × width × 3 or 4 bytes, these premultiplied."""
    colours = np.ascontiguousarray(colours)
    height, width, channels = colours.shape
    opaque = channels == 3
    formats = QImage.Format
    wrapped = QImage(
        colours.data, width, height, channels * width,
        formats.Format_RGB888 if opaque else formats.Format_RGBA8888_Premultiplied,
    )  # fmt: skip
    return wrapped.convertToFormat(
        formats.Format_RGB32 if opaque else formats.Format_ARGB32_Premultiplied
    )
