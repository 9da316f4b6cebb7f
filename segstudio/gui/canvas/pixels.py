"""The pixels of the open picture as tiles that Qt can draw, read in the background."""

import logging
from collections import OrderedDict
from concurrent.futures import Future
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QImage, QPainter

from segstudio.domain.geometry import Box
from segstudio.gui.canvas.viewport import Viewport
from segstudio.store.display import Display, to_rgb
from segstudio.store.pictures import Picture
from segstudio.store.rasters import Readers

log = logging.getLogger(__name__)

SIDE = 512
"""Side of a drawn tile, in pixels of its level."""

BUDGET = 160 * 1024**2

Place = tuple[int, int, int]
"""Level, row and column of a tile."""


class PixelTiles(QObject):
    """Draws the picture; what is not there yet is drawn from a coarser level meanwhile."""

    arrived = Signal(Box)
    _read = Signal(int, object, object)

    def __init__(self, readers: Readers, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._readers = readers
        self._tiles: OrderedDict[Place, QImage] = OrderedDict()
        self._bytes = 0
        self._coarse: QImage | None = None
        self._asked: dict[Place, Future[QImage]] = {}
        self._turn = 0
        self._picture: Picture | None = None
        self._display: Display | None = None
        self.image = Box(0, 0, 1, 1)
        # Queued even where the answer is there at once: nobody is answered while asking.
        self._read.connect(self._arrive, Qt.ConnectionType.QueuedConnection)

    def clear(self) -> None:
        """Forget the picture."""
        self._forget_tiles()
        self._coarse, self._picture, self._display = None, None, None

    def _forget_tiles(self) -> None:
        self._turn += 1
        for future in self._asked.values():
            future.cancel()
        self._asked.clear()
        self._tiles.clear()
        self._bytes = 0

    def show_coarse(self, image: Box, coarse: NDArray[np.uint8]) -> None:
        """Show a small version of a picture until its tiles arrive."""
        self.image = image
        self._coarse = as_qimage(coarse)

    def show(self, picture: Picture, display: Display) -> None:
        """Show a picture; tiles of another one are forgotten."""
        self._forget_tiles()
        self._picture, self._display = picture, display

    @property
    def levels(self) -> int:
        """How often the picture can be halved until it fits into one tile."""
        longest = max(self.image.height, self.image.width)
        return max(0, int(np.ceil(np.log2(max(longest, 1) / SIDE))))

    @property
    def anything(self) -> bool:
        """Whether there is something of the picture to draw."""
        return self._coarse is not None or bool(self._tiles)

    @property
    def complete(self) -> bool:
        """Whether everything that was asked for has arrived."""
        return self._picture is not None and not self._asked

    def draw(self, painter: QPainter, view: Viewport, part: Box, ratio: float) -> None:
        """Draw the pixels of ``part`` of the image."""
        level = view.level(self.levels)
        missing: list[Place] = []
        step = SIDE << level
        if self._coarse is not None and not self._have_all(part, level, step):
            self._draw_coarse(painter, view, part, ratio)
        for box in part.tiles(step):
            place = (level, box.top // step, box.left // step)
            tile = self._tiles.get(place)
            if tile is None:
                missing.append(place)
            else:
                self._tiles.move_to_end(place)
                painter.drawImage(view.rect(self._box(place), ratio), tile)
        for place in missing:
            self._ask(place)
        self._drop_others(level)

    def _have_all(self, part: Box, level: int, step: int) -> bool:
        return all(
            (level, box.top // step, box.left // step) in self._tiles for box in part.tiles(step)
        )

    def _draw_coarse(self, painter: QPainter, view: Viewport, part: Box, ratio: float) -> None:
        coarse = self._coarse
        assert coarse is not None
        across, down = coarse.width() / self.image.width, coarse.height() / self.image.height
        source = QRectF(
            part.left * across, part.top * down, part.width * across, part.height * down
        )
        painter.drawImage(view.rect(part, ratio), coarse, source)

    def _box(self, place: Place) -> Box:
        level, row, column = place
        step = SIDE << level
        box = Box(row * step, column * step, (row + 1) * step, (column + 1) * step)
        return box.clipped(self.image)

    def _ask(self, place: Place) -> None:
        picture, display = self._picture, self._display
        if picture is None or display is None or place in self._asked:
            return
        box, stride = self._box(place), 1 << place[0]

        def read() -> QImage:
            tile = picture.read(box, stride)
            return as_qimage(to_rgb(tile.pixels, display, valid=tile.valid))

        future = self._readers.submit(read)
        self._asked[place] = future
        turn = self._turn

        def tell(done: "Future[QImage]") -> None:
            if not done.cancelled():
                try:
                    self._read.emit(turn, place, done)
                except RuntimeError:
                    log.debug("a tile arrived after its window was gone")

        future.add_done_callback(tell)

    def _arrive(self, turn: int, place: Place, done: "Future[Any]") -> None:
        if turn != self._turn:
            return
        self._asked.pop(place, None)
        if done.exception() is not None:
            log.warning("a part of the picture cannot be read: %s", done.exception())
            unread = QImage(1, 1, QImage.Format.Format_ARGB32)
            unread.fill(0)
            self._keep(place, unread)
        else:
            self._keep(place, done.result())
        self.arrived.emit(self._box(place))

    def _keep(self, place: Place, tile: QImage) -> None:
        self._tiles[place] = tile
        self._bytes += tile.sizeInBytes()
        while self._bytes > BUDGET and len(self._tiles) > 1:
            _, old = self._tiles.popitem(last=False)
            self._bytes -= old.sizeInBytes()

    def _drop_others(self, level: int) -> None:
        """Take back requests for levels that nobody looks at any more."""
        for place, future in list(self._asked.items()):
            if place[0] != level and future.cancel():
                del self._asked[place]


def as_qimage(rgb: NDArray[np.uint8]) -> QImage:
    """Return an image of its own from height × width × 3 bytes."""
    rgb = np.ascontiguousarray(rgb)
    height, width = rgb.shape[:2]
    wrapped = QImage(rgb.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    return wrapped.convertToFormat(QImage.Format.Format_RGB32)
