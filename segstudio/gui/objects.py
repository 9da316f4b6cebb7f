"""The objects of the open picture's mask: counted in a job, removed and reclassed as edits."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.layers import Layers
from segstudio.domain.tiles import SparseLayer
from segstudio.errors import UserError
from segstudio.gui.jobs import Job
from segstudio.gui.session import Session
from segstudio.gui.tools.context import ToolContext
from segstudio.interactive.blocks import uniform_of
from segstudio.interactive.census import Census, changed_box
from segstudio.interactive.object_patches import patches_of
from segstudio.interactive.objects import MaskObject
from segstudio.interactive.patch import Patch

LANE = "objects"
SOON = 120
"""Milliseconds after a change until it is counted: several of one moment are counted once."""


class Objects(QObject):
    """Keeps the objects of the open picture while they are wanted; says ``changed``.

    Counted off the main thread from a snapshot. While one count is under way, any number of
    changes ask for only one more, and of it only what they touched is counted.
    """

    changed = Signal()

    def __init__(self, session: Session, context: ToolContext) -> None:
        super().__init__(session)
        self._session, self._context = session, context
        self.census = Census.none()
        self.known = False
        """Whether the open picture has been counted."""
        self._wanted = False
        self._seen: SparseLayer | None = None
        self._job: Job | None = None
        self._again = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SOON)
        self._timer.timeout.connect(self._count)
        session.image_opened.connect(self._open)
        session.image_closed.connect(self._forget)
        session.layer_changed.connect(lambda *_: self._soon())
        session.history_changed.connect(self._soon)

    def want(self, wanted: bool) -> None:
        """Keep the objects up to date from now on, or not any more."""
        self._wanted = wanted
        if wanted:
            self._count()

    # -- what is done with them --------------------------------------------------------

    def remove(self, objects: Sequence[MaskObject]) -> Job | None:
        """Take objects out of the mask, as one edit: their pixels become unlabelled."""
        return self._repaint(f"Delete {counted(len(objects))}", objects, UNLABELLED)

    def reclass(self, objects: Sequence[MaskObject], id: int) -> Job | None:
        """Give objects another class, as one edit."""
        label = self._session.class_of(id)
        if label is None:
            return None
        others = [each for each in objects if each.class_id != id]
        return self._repaint(f"Reclass {counted(len(others))} to {label.name}", others, id)

    def _repaint(self, text: str, objects: Sequence[MaskObject], value: int) -> Job | None:
        locked = self._session.locked
        free = [each for each in objects if each.class_id not in locked]
        if objects and not free:
            label = self._session.class_of(objects[0].class_id)
            name = label.name if label else str(objects[0].class_id)
            self._session.say_error(
                UserError(f"the class {name} is locked", "unlock it to change its objects")
            )
        if not free:
            return None

        def patches(layers: Layers, job: Job) -> Iterator[Patch]:
            uniform = uniform_of(layers.mask)
            yield from patches_of(layers.mask.read, free, layers.box, job, text, uniform)

        return self._context.paint(text, patches, value)

    # -- counting ----------------------------------------------------------------------

    def _open(self) -> None:
        self._forget()
        if self._wanted:
            self._count()

    def _forget(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = None
        self._timer.stop()
        self._seen, self._again, self.known = None, False, False
        self.census = Census.none()
        self.changed.emit()

    def _soon(self) -> None:
        if self._wanted and not self._timer.isActive():
            self._timer.start()

    def _count(self) -> None:
        session, layers = self._session, self._session.layers
        if layers is None or not self._wanted:
            return
        if self._job is not None:
            self._again = True
            return
        self._again = False
        mask, seen, census = layers.mask.copy(), self._seen, self.census

        def work(job: Job) -> Census:
            uniform = uniform_of(mask)
            if seen is None:
                return Census.of(mask.read, mask.box, job, uniform)
            changed = changed_box(seen, mask)
            if changed is None:
                return census
            return census.recounted(mask.read, mask.box, changed, job, uniform)

        job = self._job = session.jobs.start("Counting objects", work, LANE)
        job.succeeded.connect(lambda found: self._take(job, mask, found))
        job.failed.connect(session.say_error)
        job.finished.connect(lambda: self._over(job))

    def _take(self, job: Job, mask: SparseLayer, found: Census) -> None:
        if self._job is not job:
            return
        self._seen = mask
        if found is not self.census or not self.known:
            self.census, self.known = found, True
            self.changed.emit()

    def _over(self, job: Job) -> None:
        if self._job is job:
            self._job = None
            if self._again:
                self._count()


def counted(count: int) -> str:
    return f"{count:,} object{'s' * (count != 1)}"
