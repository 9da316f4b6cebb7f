"""Takes a colour from the picture by one click."""

import math
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication

from segstudio.domain.geometry import Box
from segstudio.gui.answers import Answers
from segstudio.gui.loading import PictureLoader
from segstudio.methods.greys import usable
from segstudio.store.pictures import Picture
from segstudio.store.rasters import Readers

if TYPE_CHECKING:
    from segstudio.gui.canvas.canvas import Canvas

AROUND = 1
"""Pixels around the one that is clicked that count too, against noise."""


class ColourPicking(QObject):
    """While it is armed the next click on the canvas takes a colour and paints nothing.

    ``picked`` carries the mean of the bands around the pixel, in the picture's own numbers.
    Esc, another button or a click beside the picture disarm it.
    """

    picked = Signal(tuple)
    armed = Signal(bool)

    def __init__(self, canvas: "Canvas", loader: PictureLoader, readers: Readers) -> None:
        super().__init__(canvas)
        self._canvas, self._loader, self._readers = canvas, loader, readers
        self._answers = Answers(self)
        app = QApplication.instance()
        assert app is not None
        self._app, self._on = app, False

    def arm(self, on: bool) -> None:
        """Begin to wait for a click, or no more."""
        on = on and self._loader.picture is not None
        if on == self._on:
            self.armed.emit(on)
            return
        self._on = on
        if on:
            self._app.installEventFilter(self)
            self._canvas.setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self._app.removeEventFilter(self)
            self._canvas.pointer.show_cursor()
        self.armed.emit(on)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in _KEYS and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()  # before it means anything to the window
            if kind == QEvent.Type.KeyPress:
                self.arm(False)
            return True
        if watched is not self._canvas or not isinstance(event, QMouseEvent):
            return False
        if kind == QEvent.Type.MouseButtonPress:
            self._take(event)
        # Moving would bring the tool's cursor back.
        return kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove)

    def _take(self, event: QMouseEvent) -> None:
        self.arm(False)
        picture = self._loader.picture
        x, y = (math.floor(part) for part in self._canvas.view.to_image(event.position()))
        if event.button() != Qt.MouseButton.LeftButton or picture is None:
            return
        whole = picture.info.box
        if Box(y, x, y + 1, x + 1).clipped(whole):
            around = Box(y - AROUND, x - AROUND, y + AROUND + 1, x + AROUND + 1)
            future = self._readers.submit(_mean, picture, around.clipped(whole))
            self._answers.when_done(future, self._tell)

    def _tell(self, done: "Future[Any]") -> None:
        # What cannot be read is said by the tiles.
        if not done.cancelled() and not done.exception() and done.result():
            self.picked.emit(done.result())


def _mean(picture: Picture, box: Box) -> tuple[float, ...]:
    """Return the mean of each band over the valid pixels of a box; nothing where there are none."""
    tile = picture.read(box)
    valid = usable(tile)
    seen = tile.pixels.reshape(-1, tile.pixels.shape[2]) if valid is None else tile.pixels[valid]
    return tuple(float(value) for value in seen.mean(0)) if len(seen) else ()


_KEYS = (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)
