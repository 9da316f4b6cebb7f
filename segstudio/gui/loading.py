"""Brings the pixels of the open image to the canvas: coarse first, then sharp."""

import logging
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from segstudio.domain.records import ImageRecord
from segstudio.errors import UserError
from segstudio.gui.answers import Answers
from segstudio.gui.session import Session
from segstudio.store import display, pictures
from segstudio.store.pictures import Picture
from segstudio.store.rasters import Readers
from segstudio.workflows.items import check_unchanged

log = logging.getLogger(__name__)

COARSE = 1600
"""Longest side of the first, coarse picture."""


class PictureLoader(QObject):
    """Opens the picture of each image that the session opens, in the readers' threads."""

    coarse_ready = Signal(object)  # height × width × 3 bytes
    picture_ready = Signal(object, object)  # Picture, Display
    failed = Signal(Exception)

    def __init__(self, session: Session, readers: Readers) -> None:
        super().__init__(session)
        self._session, self._readers = session, readers
        self._turn = 0
        self.picture: Picture | None = None
        self.failed_last = False
        session.image_opened.connect(self._open)
        session.image_closed.connect(self._close)
        self._answers = Answers(self)

    def _open(self) -> None:
        self._close()
        self.failed_last = False
        project, image = self._session.project, self._session.image
        if project is None or image is None:
            return
        path = project.path_of(image)
        self._ask(lambda: _coarse(path), self._show_coarse)
        self._ask(lambda: _opened(path, image), self._show)
        self._ask(lambda: check_unchanged(path, image), lambda _: None)

    def _show_coarse(self, rgb: NDArray[np.uint8] | None) -> None:
        if rgb is not None and self.picture is None:
            self.coarse_ready.emit(rgb)

    def _show(self, found: "_Opened") -> None:
        self.picture = found.picture
        self.coarse_ready.emit(found.coarse)
        self.picture_ready.emit(found.picture, found.display)

    def _close(self) -> None:
        self._turn += 1
        picture, self.picture = self.picture, None
        if picture is not None:
            self._readers.submit(picture.close)

    def _ask(self, work: Callable[[], Any], then: Callable[[Any], object]) -> None:
        turn = self._turn
        self._answers.when_done(
            self._readers.submit(work), lambda done: self._answer(turn, then, done)
        )

    def _answer(self, turn: int, then: Callable[[Any], object], done: "Future[Any]") -> None:
        if turn != self._turn:
            return
        error = done.exception()
        if error is None:
            then(done.result())
        else:
            self.failed_last = True
            self.failed.emit(error)


@dataclass(frozen=True)
class _Opened:
    picture: Picture
    display: display.Display
    coarse: NDArray[np.uint8]


def _coarse(path: Path) -> NDArray[np.uint8] | None:
    """Return a small version where that is much quicker to have than the whole picture."""
    info = pictures.probe(path)
    if info.format != "JPEG" or max(info.height, info.width) <= COARSE:
        return None
    tile = pictures.preview(path, COARSE)
    shown = display.display_of(tile.pixels, info, tile.valid)
    return display.to_rgb(tile.pixels, shown, valid=tile.valid)


def _opened(path: Path, image: ImageRecord) -> _Opened:
    picture = pictures.open_picture(path)
    info = picture.info
    if (info.height, info.width) != (image.height, image.width):
        picture.close()
        raise UserError(
            f"{image.name} has changed on disk: it is {info.width} × {info.height} now,"
            f" and was {image.width} × {image.height}",
            "its mask is kept; put the old picture back, or remove it and add the new one",
        )
    stride = 1
    while max(info.height, info.width) > COARSE * stride:
        stride *= 2
    small = picture.read(image.box, stride)
    shown = display.display_of(small.pixels, info, small.valid)
    return _Opened(picture, shown, display.to_rgb(small.pixels, shown, valid=small.valid))
