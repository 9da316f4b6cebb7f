"""Brings the pixels of the open image to the canvas: coarse first, then sharp."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from segstudio.domain.geometry import Box
from segstudio.domain.records import ImageRecord
from segstudio.gui.answers import Answers
from segstudio.gui.coarse import Coarse, Sample
from segstudio.gui.opened import (
    Kind,
    Opened,
    Opening,
    Shown,
    kind_of_picture,
    opened,
    quick,
    read_part,
    shown,
    stretch_of,
)
from segstudio.gui.session import Session
from segstudio.store import overviews
from segstudio.store.display import Display, Look
from segstudio.store.pictures import Picture
from segstudio.store.rasters import Readers
from segstudio.workflows.items import check_unchanged


class PictureLoader(QObject):
    """Opens the picture of each image that the session opens, in the readers' threads.

    Where its coarse version is not cheap to have it comes strip by strip, each shown at once.
    """

    coarse_ready = Signal(object)  # Coarse
    picture_ready = Signal(object, object)  # Picture, Display
    display_changed = Signal(object)  # Display
    completed = Signal()
    """The coarse picture is whole."""
    failed = Signal(Exception)

    def __init__(self, session: Session, readers: Readers) -> None:
        super().__init__(session)
        self._session, self._readers = session, readers
        self._answers = Answers(self)
        self._looks: dict[Kind, Look] = {}
        self._opening = Opening()
        self._busy = self._stale = False
        self._parts: list[Box] = []
        self._measured: object = None
        self.picture: Picture | None = None
        self.sample: Sample | None = None
        self.look: Look | None = None
        self.display: Display | None = None
        self.complete = False
        """Whether all of the coarse picture is there."""
        self.failed_last = False
        self.opening = False
        """Whether a picture is being opened, for the first time or again."""
        session.image_opened.connect(self._open)
        session.image_closed.connect(self._close)

    # -- opening ---------------------------------------------------------------------

    def _open(self) -> None:
        image = self._session.image
        if self.picture is not None and image is not None and image.id == self._opening.image:
            # Only its masks were read again; others hear of the picture as of a new one.
            opening = self._opening
            QTimer.singleShot(0, self, lambda: self._tell(opening))
            return
        self._close()
        if image is not None:
            self._begin(image)

    def reload(self) -> None:
        """Open the picture again, from what is on disk now; the old one stays till then."""
        image = self._session.image
        if image is not None and self.picture is not None:
            self._opening.left = True
            self._begin(image)

    def _begin(self, image: ImageRecord) -> None:
        project = self._session.project
        if project is None:
            return
        self.failed_last, self.opening = False, True
        opening = self._opening = Opening(image.id)
        path, looks = project.path_of(image), dict(self._looks)
        reduced = overviews.kept(project.root, image.hash)
        if self.picture is None:
            self._ask(lambda: quick(path, looks), self._show_quick, lambda _: None)
        self._ask(lambda: opened(path, reduced, image, looks, opening), self._show, self._fail)
        self._ask(lambda: check_unchanged(path, image), lambda _: None, self.failed.emit)

    def _show_quick(self, coarse: Coarse | None) -> None:
        if coarse is not None and self.picture is None:
            self.coarse_ready.emit(coarse)

    def _show(self, found: Opened) -> None:
        self._retire()
        self.opening = False
        self.picture, self.sample, self._parts = found.picture, found.sample, found.parts
        self.look = self._looks.get(kind_of_picture(found.picture.info), found.shown.look)
        self.complete = self._busy = False
        self._stale = self.look != found.shown.look
        self.display, self._measured = found.shown.display, stretch_of(found.shown.look)
        self.coarse_ready.emit(found.shown.coarse)
        self.picture_ready.emit(self.picture, self.display)
        self._go_on()

    def _tell(self, opening: Opening) -> None:
        if opening is self._opening and self.picture is not None:
            self.picture_ready.emit(self.picture, self.display)

    def _close(self) -> None:
        self._opening.left = True
        self._opening = Opening()
        self._busy = self._stale = self.complete = self.opening = False
        self._parts = []
        picture, self.picture = self.picture, None
        self.sample = self.look = self.display = None
        if picture is not None:
            self._let_go(picture)

    def _let_go(self, picture: Picture) -> None:
        try:
            self._readers.submit(picture.close)
        except RuntimeError:  # the window is closing, and the readers have gone home
            picture.close()

    def _retire(self) -> None:
        """Let go of a picture that is opened again, but not under the hands of a job."""
        old, jobs = self.picture, self._session.jobs
        if old is None:
            return
        if jobs.jobs:
            jobs.idle.connect(old.close, Qt.ConnectionType.SingleShotConnection)
        else:
            self._let_go(old)

    # -- how it is shown -------------------------------------------------------------

    def set_look(self, look: Look) -> None:
        """Show the picture in another way, and others of its kind from now on."""
        if self.picture is None or self.display is None or look == self.look:
            return
        self._looks[kind_of_picture(self.picture.info)] = self.look = look
        if stretch_of(look) == self._measured:
            self._take_display(look.within((self.display.low, self.display.high)))
        self._stale = True
        self._go_on()

    def _take_display(self, display: Display) -> None:
        if display != self.display:
            self.display = display
            self.display_changed.emit(display)

    def _go_on(self) -> None:
        """Make the next part of the coarse picture, or all that is there anew."""
        sample, look, picture = self.sample, self.look, self.picture
        if self._busy or sample is None or look is None or picture is None:
            return
        if self._stale:
            self._stale = False
            self._make(lambda: shown(sample, look))
        elif self._parts:
            part = self._parts.pop(0)
            self._make(lambda: read_part(picture, part, sample, look))
        elif not self.complete:
            self.complete = True
            self._check_seen(sample)
            self.completed.emit()

    def _make(self, work: Callable[[], Shown]) -> None:
        self._busy = True
        self._ask(work, self._take, self._stop)

    def _take(self, found: Shown) -> None:
        self._busy = False
        look, limits = self.look, (found.display.low, found.display.high)
        if look is not None and stretch_of(look) == stretch_of(found.look):
            self._measured = stretch_of(look)
            self._take_display(look.within(limits))
        self.coarse_ready.emit(found.coarse)
        self._go_on()

    def _stop(self, error: BaseException) -> None:
        """A part of the coarse picture cannot be read: more of them would not either."""
        self._busy, self._parts = False, []
        self.failed.emit(error)

    def _fail(self, error: BaseException) -> None:
        self.failed_last, self.opening, self._busy = True, False, False
        self.failed.emit(error)

    def _check_seen(self, sample: Sample) -> None:
        """Say so where there is nothing to see."""
        image = self._session.image
        if image is None or sample.tile.any_valid:
            return
        looked = "none of its pixels holds" if sample.stride == 1 else "no pixel looked at holds"
        nodata = "" if sample.info.nodata is None else f" ({sample.info.nodata:g})"
        self._session.said.emit(
            f"nothing can be seen of {image.name}: {looked} data",
            f"they are its nodata value{nodata}, or not numbers; it can be labelled all the same",
        )

    # -- readers ---------------------------------------------------------------------

    def _ask(
        self,
        work: Callable[[], Any],
        then: Callable[[Any], object],
        otherwise: Callable[[BaseException], object],
    ) -> None:
        opening = self._opening

        def answer(done: "Future[Any]") -> None:
            error = done.exception() if not done.cancelled() else None
            if opening is not self._opening or done.cancelled():
                self._drop(done)
            elif error is not None:
                otherwise(error)
            else:
                then(done.result())

        self._answers.when_done(self._readers.submit(work), answer)

    def _drop(self, done: "Future[Any]") -> None:
        """Close a picture that came when another one, or none, was wanted."""
        if not done.cancelled() and done.exception() is None:
            found = done.result()
            if isinstance(found, Opened):
                self._let_go(found.picture)
