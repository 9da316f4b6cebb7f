"""Small pictures for lists: read in the background, kept in memory and in the project."""

import logging
from collections import OrderedDict
from collections.abc import Container
from concurrent.futures import Future
from pathlib import Path

from PySide6.QtCore import QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPixmap

from segstudio.domain.records import ImageRecord
from segstudio.errors import UserError
from segstudio.gui.session import Session
from segstudio.store.overviews import kept
from segstudio.store.project import Project
from segstudio.store.rasters import Readers
from segstudio.store.thumbnails import thumbnail

log = logging.getLogger(__name__)

KEPT = 24 << 20
"""Bytes of thumbnails held in memory: those of some 2,000 pictures, fewer on a sharp screen."""
WANTED = 64
"""Places in the line; who waits behind them is out of sight and asks again when seen."""
AT_ONCE = 1
"""Reads under way, so that a reader is always free for the open picture."""


class Thumbnails(QObject):
    """Gives the thumbnails of pictures, cut to one size with round corners.

    `get` answers at once; what is not there yet is announced by ``arrived``. What was asked
    for last is read first, since that is what is in sight, and what a list has scrolled past
    is not read at all: see `in_sight`.
    """

    arrived = Signal(int)
    _read = Signal(int, int, object)

    def __init__(
        self,
        session: Session,
        readers: Readers,
        size: QSize,
        ratio: float = 1.0,
        parent: QObject | None = None,
    ) -> None:
        # Never without a parent: a reader that lets go of it last would delete it in its thread.
        super().__init__(parent or session)
        self._session, self._readers = session, readers
        self._size, self._ratio = size, ratio
        self._kept: OrderedDict[int, QPixmap | None] = OrderedDict()
        self._bytes = 0
        self._later: set[int] = set()
        self._wanted: OrderedDict[int, str] = OrderedDict()
        self._under_way: dict[int, Future[QImage | None]] = {}
        self._turn = 0
        self._read.connect(self._take, Qt.ConnectionType.QueuedConnection)
        session.project_changed.connect(self.clear)
        session.images_changed.connect(self._forget_gone)

    @property
    def nbytes(self) -> int:
        """Memory that the thumbnails at hand take."""
        return self._bytes

    def clear(self) -> None:
        """Forget everything; reads that are under way are not waited for."""
        self._turn += 1
        self._kept.clear()
        self._bytes = 0
        self._wanted.clear()
        self._under_way.clear()

    def set_ratio(self, ratio: float) -> None:
        """Make them for a screen with so many device pixels a pixel."""
        if ratio != self._ratio:
            self._ratio = ratio
            self.clear()

    def _forget_gone(self, ids: list[int]) -> None:
        """Another picture may get the number of one that is gone."""
        for id in ids:
            if id not in self._session.images:
                self._drop(id)

    def _drop(self, id: int) -> None:
        self._later.discard(id)
        if id in self._kept:
            self._bytes -= _nbytes(self._kept.pop(id))

    def get(self, id: int, viewer: str = "") -> QPixmap | None:
        """Return a thumbnail, or None and see to it that it comes.

        ``viewer`` is the list that asks, where it tells by `in_sight` what it shows.
        """
        if id in self._kept:
            self._kept.move_to_end(id)
            return self._kept[id]
        if id not in self._under_way:
            self._wanted[id] = viewer
            self._wanted.move_to_end(id)
            while len(self._wanted) > WANTED:
                self._wanted.popitem(last=False)
            self._fill()
        return None

    def in_sight(self, viewer: str, ids: Container[int]) -> None:
        """Give up what a list has asked for and does not show any more."""
        for id in [id for id, asker in self._wanted.items() if asker == viewer and id not in ids]:
            del self._wanted[id]

    def unreadable(self, id: int) -> bool:
        """Return whether a picture was tried and can have no thumbnail."""
        return id in self._kept and self._kept[id] is None and id not in self._later

    def _fill(self) -> None:
        project = self._session.project
        while project is not None and self._wanted and len(self._under_way) < AT_ONCE:
            id, _ = self._wanted.popitem(last=True)
            image = self._session.images.get(id)
            if image is not None:
                self._ask(project, image, project.path_of(image))

    def _ask(self, project: Project, image: ImageRecord, path: Path) -> None:
        turn, size, ratio, id = self._turn, self._size, self._ratio, image.id

        def work() -> QImage | None:
            return None if turn != self._turn else read(project, image, path, size, ratio)

        def tell(done: "Future[QImage | None]") -> None:
            error = None if done.cancelled() else done.exception()
            if error is not None and turn == self._turn:
                log.info("no thumbnail of %s: %s", path, error)
            made = error if done.cancelled() or error is not None else done.result()
            try:
                self._read.emit(turn, id, made)
            except RuntimeError:
                log.debug("a thumbnail was read after its window was gone")

        self._under_way[id] = future = self._readers.submit(work)
        future.add_done_callback(tell)

    def again(self, id: int) -> None:
        """Try a picture anew of which there was nothing to be had."""
        if self._kept.get(id, self) is None:
            self._drop(id)
            self.arrived.emit(id)

    def _take(self, turn: int, id: int, image: QImage | Exception | None) -> None:
        if turn != self._turn:
            return
        self._under_way.pop(id, None)
        made = QPixmap.fromImage(image) if isinstance(image, QImage) else None
        self._drop(id)
        if image is None:
            self._later.add(id)
        self._kept[id] = made
        self._bytes += _nbytes(made)
        while self._bytes > KEPT and len(self._kept) > 1:
            self._drop(next(iter(self._kept)))
        self.arrived.emit(id)
        self._fill()


def _nbytes(pixmap: QPixmap | None) -> int:
    """Return the memory of a thumbnail; that none could be made takes a little too."""
    return 64 if pixmap is None else 4 * pixmap.width() * pixmap.height()


def read(
    project: Project, image: ImageRecord, path: Path, size: QSize, ratio: float
) -> QImage | None:
    """Return a picture's thumbnail, from the project or made and put there; None where it has
    to wait for overviews.

    Called in a reader's thread. Raises `UserError` where the picture cannot be read.
    """
    data = project.thumbnail(image.id)
    found = QImage.fromData(data) if data else QImage()
    if found.isNull():
        data = thumbnail(path, reduced=kept(project.root, image.hash))
        if data is None:
            return None
        found = QImage.fromData(data)
        if found.isNull():
            raise UserError(f"{path.name} has no thumbnail")
        if project.writable:
            project.set_thumbnail(image.id, data)
    return cut(found, size, ratio)


def cut(image: QImage, size: QSize, ratio: float) -> QImage:
    """Return the middle of an image, filling ``size`` px with round corners."""
    device = QSize(round(size.width() * ratio), round(size.height() * ratio))
    scaled = image.scaled(
        device,
        Qt.AspectRatioMode.KeepAspectRatioByExpanding,
        Qt.TransformationMode.SmoothTransformation,
    )
    made = QImage(device, QImage.Format.Format_ARGB32_Premultiplied)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    corners = QPainterPath()
    corners.addRoundedRect(QRectF(made.rect()), 4 * ratio, 4 * ratio)
    painter.setClipPath(corners)
    x = (device.width() - scaled.width()) // 2
    y = (device.height() - scaled.height()) // 2
    painter.drawImage(x, y, scaled)
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made
