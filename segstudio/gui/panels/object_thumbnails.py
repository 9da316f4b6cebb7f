"""Small pictures of parts of the open picture: at once from what is there, sharper when read."""

from collections import OrderedDict
from concurrent.futures import Future

from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtGui import QImage, QPixmap

from segstudio.domain.geometry import Box
from segstudio.gui.answers import Answers
from segstudio.gui.canvas.pixels import as_qimage
from segstudio.gui.coarse import Coarse
from segstudio.gui.loading import PictureLoader
from segstudio.gui.panels.thumbnails import cut
from segstudio.gui.session import Session
from segstudio.store.display import Display, colours_of
from segstudio.store.pictures import Picture
from segstudio.store.rasters import Readers

KEPT = 800
"""Thumbnails that are held in memory, 9 kB each; more on a sharp screen."""
WANTED = 32
"""Places in the line of those that are to be read; who is pushed out asks again when seen."""
MARGIN = 0.2
"""What is shown around an object, in parts of its box."""
LEAST = 24
"""Pixels that are shown of a picture at least, from left to right."""


class ObjectThumbnails(QObject):
    """Gives thumbnails of boxes of the open picture, all of one size; ``arrived`` says when
    sharper ones are there."""

    arrived = Signal()

    def __init__(
        self, session: Session, loader: PictureLoader, readers: Readers, size: QSize
    ) -> None:
        super().__init__(session)
        self._session, self._loader, self._readers = session, loader, readers
        self._size, self._ratio = size, 1.0
        self._answers = Answers(self)
        self._coarse: Coarse | None = None
        self._kept: OrderedDict[Box, tuple[QPixmap, bool]] = OrderedDict()
        self._wanted: OrderedDict[Box, None] = OrderedDict()
        self._reading = False
        self._turn = 0
        loader.coarse_ready.connect(self._take_coarse)
        loader.picture_ready.connect(lambda *_: self.clear())
        loader.display_changed.connect(lambda _: self.clear())
        session.image_closed.connect(self._close)

    def get(self, box: Box, ratio: float = 1.0) -> QPixmap | None:
        """Return the thumbnail of a box for a screen; None while nothing of it is there."""
        if ratio != self._ratio:
            self._ratio = ratio
            self.clear()
        held = self._kept.get(box)
        if held is None:
            held = self._roughly(box)
            if held is None:
                return None
            self._keep(box, *held)
        self._kept.move_to_end(box)
        if not held[1]:
            self._want(box)
        return held[0]

    def clear(self) -> None:
        """Forget all; what is being read is not waited for."""
        self._turn += 1
        self._kept.clear()
        self._wanted.clear()
        self.arrived.emit()

    def _close(self) -> None:
        self._coarse = None
        self.clear()

    def _take_coarse(self, coarse: Coarse) -> None:
        self._coarse = coarse
        self.clear()

    def _keep(self, box: Box, made: QPixmap, sharp: bool) -> None:
        self._kept[box] = made, sharp
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)

    # -- making them -------------------------------------------------------------------

    def _roughly(self, box: Box) -> tuple[QPixmap, bool] | None:
        """Return a thumbnail from the coarse picture, and whether it is sharp."""
        coarse, image = self._coarse, self._session.image
        if coarse is None or image is None:
            return None
        frame = framed(box, self._size, image.box)
        step = coarse.stride
        part = Box(
            frame.top // step, frame.left // step, -(-frame.bottom // step), -(-frame.right // step)
        ).clipped(Box(0, 0, *coarse.colours.shape[:2]))
        if not part:
            return None
        made = cut(as_qimage(coarse.colours[part.slices]), self._size, self._ratio)
        sharp = step == 1 or part.width >= self._size.width() * self._ratio
        return QPixmap.fromImage(made), sharp

    def _want(self, box: Box) -> None:
        self._wanted[box] = None
        self._wanted.move_to_end(box)
        while len(self._wanted) > WANTED:
            self._wanted.popitem(last=False)
        self._read()

    def _read(self) -> None:
        """Read what was asked for last, one at a time."""
        picture, display, image = self._loader.picture, self._loader.display, self._session.image
        if self._reading or not self._wanted or picture is None or display is None or not image:
            return
        box, _ = self._wanted.popitem(last=True)
        frame, size, ratio = framed(box, self._size, image.box), self._size, self._ratio
        self._reading, turn = True, self._turn

        def work() -> QImage:
            return _sharp(picture, display, frame, size, ratio)

        def take(done: "Future[QImage]") -> None:
            self._reading = False
            if turn == self._turn and not done.cancelled():
                held = self._kept.get(box)
                # What cannot be read stays as it is; the canvas has said so.
                made = QPixmap.fromImage(done.result()) if done.exception() is None else None
                if made is not None or held is not None:
                    self._keep(box, made or held[0], True)  # type: ignore[index]
                self.arrived.emit()
            self._read()

        self._answers.when_done(self._readers.submit(work), take)


def framed(box: Box, size: QSize, image: Box) -> Box:
    """Return what is shown of the picture for an object: its box and a margin, as wide as high
    as a thumbnail is, inside the picture where that is large enough."""
    shape = size.width() / size.height()
    width = max(box.width * (1 + 2 * MARGIN), box.height * (1 + 2 * MARGIN) * shape, LEAST)
    height = width / shape
    middle = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    left, right = _shifted(middle[0], width, image.width)
    top, bottom = _shifted(middle[1], height, image.height)
    return Box(top, left, bottom, right)


def _shifted(middle: float, length: float, room: int) -> tuple[int, int]:
    long = min(max(round(length), 1), room)
    start = min(max(round(middle - long / 2), 0), room - long)
    return start, start + long


def _sharp(picture: Picture, display: Display, frame: Box, size: QSize, ratio: float) -> QImage:
    """Read a thumbnail. Called in a reader's thread."""
    stride = 1
    while frame.width >= 2 * stride * size.width() * ratio:
        stride *= 2
    return cut(as_qimage(colours_of(picture.read(frame, stride), display)), size, ratio)
