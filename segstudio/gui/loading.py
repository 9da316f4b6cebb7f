"""Brings the pixels of the open image to the canvas: coarse first, then sharp."""

import logging
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from PySide6.QtCore import QObject, Signal

from segstudio.domain.records import ImageRecord
from segstudio.errors import UserError
from segstudio.gui.session import Session
from segstudio.store import display, pictures
from segstudio.store.pictures import Picture
from segstudio.store.rasters import Readers

log = logging.getLogger(__name__)

COARSE = 1600
"""Longest side of the first, coarse picture."""

SAMPLE = 512
"""Longest side of what the stretch of other than 8-bit pictures is learned from."""


class PictureLoader(QObject):
    """Opens the picture of each image that the session opens, in the readers' threads."""

    coarse_ready = Signal(object)  # height × width × 3 bytes
    picture_ready = Signal(object, object)  # Picture, Stretch
    failed = Signal(Exception)
    _answered = Signal(int, object, object)

    def __init__(self, session: Session, readers: Readers) -> None:
        super().__init__(session)
        self._session, self._readers = session, readers
        self._turn = 0
        self.picture: Picture | None = None
        session.image_opened.connect(self._open)
        session.image_closed.connect(self._close)
        self._answered.connect(self._answer)

    def _open(self) -> None:
        self._close()
        project, image = self._session.project, self._session.image
        if project is None or image is None:
            return
        path = project.path_of(image)
        self._ask(lambda: _coarse(path), self.coarse_ready.emit)
        self._ask(lambda: _opened(path, image), self._show)

    def _show(self, found: tuple[Picture, display.Stretch]) -> None:
        self.picture = found[0]
        self.picture_ready.emit(*found)

    def _close(self) -> None:
        self._turn += 1
        picture, self.picture = self.picture, None
        if picture is not None:
            self._readers.submit(picture.close)

    def _ask(self, work: Callable[[], Any], then: Callable[[Any], object]) -> None:
        turn = self._turn

        def tell(done: "Future[Any]") -> None:
            try:
                self._answered.emit(turn, then, done)
            except RuntimeError:
                log.debug("a picture was read after its window was gone")

        self._readers.submit(work).add_done_callback(tell)

    def _answer(self, turn: int, then: Callable[[Any], object], done: "Future[Any]") -> None:
        if turn != self._turn:
            return
        error = done.exception()
        if error is None:
            then(done.result())
        else:
            self.failed.emit(error)


def _coarse(path: Any) -> Any:
    tile = pictures.preview(path, COARSE)
    return display.to_rgb(tile.pixels, display.stretch_of(tile.pixels))


def _opened(path: Any, image: ImageRecord) -> tuple[Picture, display.Stretch]:
    picture = pictures.open_picture(path)
    info = picture.info
    if (info.height, info.width) != (image.height, image.width):
        picture.close()
        raise UserError(
            f"{image.name} has changed on disk: it is {info.width} × {info.height} now,"
            f" and was {image.width} × {image.height}",
            "its mask is kept; put the old picture back, or remove it and add the new one",
        )
    stride = max(1, max(info.height, info.width) // SAMPLE)
    sample = picture.read(image.box, stride)
    return picture, display.stretch_of(sample.pixels)
