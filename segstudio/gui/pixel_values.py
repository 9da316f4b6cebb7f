"""The numbers of the pixel under the cursor, read in the background: only of the newest."""

from concurrent.futures import Future
from typing import Any

from PySide6.QtCore import QObject, Signal

from segstudio.domain.geometry import Box
from segstudio.gui.answers import Answers
from segstudio.gui.loading import PictureLoader
from segstudio.store.pictures import Picture
from segstudio.store.rasters import Readers

Pixel = tuple[int, int]
"""Column and row."""

NODATA = "no data"


class PixelValues(QObject):
    """Reads one pixel at a time; those that the cursor has left meanwhile are passed over."""

    changed = Signal()

    def __init__(self, loader: PictureLoader, readers: Readers, parent: QObject) -> None:
        super().__init__(parent)
        self._loader, self._readers = loader, readers
        self._answers = Answers(self)
        self._wanted: Pixel | None = None
        self._asked: Pixel | None = None
        self.at: Pixel | None = None
        self.values: tuple[str, ...] = ()
        loader.picture_ready.connect(self._forget)

    def ask(self, pixel: Pixel | None) -> None:
        """Have a pixel read; ``changed`` comes when ``values`` are those ``at`` it."""
        if pixel != self._wanted:
            self._wanted = pixel
            self._go_on()

    def _forget(self) -> None:
        self.at, self.values = None, ()
        self._go_on()

    def _go_on(self) -> None:
        picture, pixel = self._loader.picture, self._wanted
        if self._asked is not None or pixel is None or picture is None or pixel == self.at:
            return
        self._asked = pixel
        future = self._readers.submit(_read, picture, pixel)
        self._answers.when_done(future, lambda done: self._take(picture, pixel, done))

    def _take(self, picture: Picture, pixel: Pixel, done: "Future[Any]") -> None:
        self._asked = None
        if picture is self._loader.picture and not done.cancelled():
            # What cannot be read is said by the tiles.
            self.at, self.values = pixel, () if done.exception() else done.result()
            self.changed.emit()
        self._go_on()


def _read(picture: Picture, pixel: Pixel) -> tuple[str, ...]:
    x, y = pixel
    tile = picture.read(Box(y, x, y + 1, x + 1))
    if not tile.any_valid:
        return (NODATA,)
    return tuple(_written(value) for value in tile.pixels[0, 0])


def _written(value: Any) -> str:
    return str(int(value)) if value.dtype.kind in "iub" else f"{float(value):.5g}"
