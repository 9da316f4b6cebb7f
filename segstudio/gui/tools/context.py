"""What a tool works with: the open picture, what is in sight, and the way to the mask."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from segstudio.domain.draft import painted
from segstudio.domain.geometry import Box
from segstudio.domain.layers import Layers
from segstudio.domain.records import ImageRecord
from segstudio.gui.jobs import Job
from segstudio.gui.session import Session
from segstudio.gui.settling import Settling
from segstudio.interactive.patch import Patch
from segstudio.store.display import Display, to_rgb
from segstudio.store.pictures import Picture

if TYPE_CHECKING:
    from segstudio.gui.loading import PictureLoader

R = TypeVar("R")

LANE = "tool"


@dataclass(frozen=True)
class OpenPicture:
    """The picture that is open, for a job to read; its colours are those on the screen."""

    image: ImageRecord
    picture: Picture
    display: Display

    @property
    def box(self) -> Box:
        return self.image.box

    def rgb(self, box: Box, stride: int = 1) -> NDArray[np.uint8]:
        """Return the colours of a box, height × width × 3, reduced by ``stride``. For jobs."""
        tile = self.picture.read(box, stride)
        return to_rgb(tile.pixels, self.display, valid=tile.valid)


class ToolContext(QObject):
    """Given to every tool when it is made."""

    picture_changed = Signal()

    def __init__(
        self,
        session: Session,
        in_sight: Callable[[], Box],
        redraw: Callable[[], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent or session)
        self.session = session
        self.in_sight = in_sight
        """Returns the box of the image that is in the view."""
        self.redraw = redraw
        """To be called when what a tool draws has changed."""
        self._settling = Settling(session)
        self._loader: PictureLoader | None = None
        self._job: Job | None = None

    def follow(self, loader: "PictureLoader") -> None:
        """Take the open picture from a loader."""
        self._loader = loader
        loader.picture_ready.connect(lambda *_: self.picture_changed.emit())

    @property
    def picture(self) -> OpenPicture | None:
        """The open picture; None while it is not there yet."""
        loader, image = self._loader, self.session.image
        if loader is None or image is None or loader.picture is None or loader.display is None:
            return None
        return OpenPicture(image, loader.picture, loader.display)

    @property
    def layers(self) -> Layers | None:
        """A snapshot of the open image's layers."""
        layers = self.session.layers
        return None if layers is None else layers.copy()

    # -- work ------------------------------------------------------------------------

    def run(self, title: str, work: Callable[[Job], R], then: Callable[[R], Any]) -> Job:
        """Do something off the main thread; what was asked for before is given up.

        ``then`` hears of the result, unless another image is open by then.
        """
        self.stop()
        shown = self.session.shown

        def hear(result: R) -> None:
            if self.session.shown == shown:
                then(result)

        job = self.session.jobs.start(title, work, LANE)
        job.succeeded.connect(hear)
        job.failed.connect(self.session.say_error)
        job.finished.connect(lambda: self._over(job))
        self._job = job
        return job

    def stop(self) -> None:
        """Give up what `run` has begun."""
        if self._job is not None:
            self._job.cancel()
            self._job = None

    @property
    def busy(self) -> bool:
        return self._job is not None

    def _over(self, job: Job) -> None:
        if self._job is job:
            self._job = None

    # -- the mask --------------------------------------------------------------------

    def paint(
        self,
        text: str,
        patches: Sequence[Patch] | Callable[[Layers, Job], Iterable[Patch]],
        value: int,
    ) -> Job | None:
        """Give the pixels of patches the class ``value`` (255 erases), as one edit.

        Where the patches depend on the mask, a function is given: it is called in a job with
        the layers, and again where these have changed meanwhile. None where nothing can be
        painted now.
        """
        session = self.session
        image, locked = session.image, session.locked
        if image is None or not session.editable:
            return None
        id, whole = image.id, image.box

        def plan(layers: Layers, job: Job) -> Iterable[Any]:
            found = patches(layers, job) if callable(patches) else patches
            inside = (patch.clipped(whole) for patch in found)
            areas = ((patch.box, patch.region) for patch in inside)
            return painted(id, layers, areas, value, locked)

        return self._settling.settle(text, id, plan)
