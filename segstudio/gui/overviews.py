"""Makes overviews of large rasters in the background, and then shows the picture from them."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, Signal

from segstudio.domain.records import ImageRecord
from segstudio.gui.answers import Answers
from segstudio.gui.jobs import Job
from segstudio.gui.loading import PictureLoader
from segstudio.gui.session import Session
from segstudio.store import overviews
from segstudio.store.formats import PictureInfo
from segstudio.store.project import Project
from segstudio.store.rasters import Readers

SETTING = "overviews"
LANE = "overviews"


def wanted() -> bool:
    """Whether the person wants overviews to be made."""
    return bool(QSettings("segstudio", "segstudio").value(SETTING, True, bool))


@dataclass(frozen=True)
class _Plan:
    """What is to be made, and where; nowhere if that is not possible."""

    path: Path
    target: Path | None


class Overviews(QObject):
    """Starts a job for the open raster once it is seen; each raster is tried once."""

    made = Signal(int)

    def __init__(self, session: Session, loader: PictureLoader, readers: Readers) -> None:
        super().__init__(session)
        self._session, self._loader, self._readers = session, loader, readers
        self._answers = Answers(self)
        self._tried: set[Path] = set()
        self._jobs: dict[int, Job] = {}
        loader.completed.connect(self._consider)
        session.image_opened.connect(self._drop_waiting)

    def _consider(self) -> None:
        project, image, picture = self._session.project, self._session.image, self._loader.picture
        if project is None or image is None or picture is None or not wanted():
            return
        path = project.path_of(image)
        if path in self._tried or not image.hash:
            return
        info = picture.info
        future = self._readers.submit(_plan, project, image, path, info)
        self._answers.when_done(
            future, lambda done: self._start(project, image, done.result())
            if not done.cancelled() and done.exception() is None else None,
        )  # fmt: skip

    def _start(self, project: Project, image: ImageRecord, plan: _Plan) -> None:
        here = self._session.image
        path, target = plan.path, plan.target
        gone = project is not self._session.project or here is None or here.id != image.id
        if gone or target is None or path in self._tried:
            return
        self._tried.add(path)
        job = self._session.jobs.start(
            f"Overviews of {image.name}", lambda job: overviews.build(path, target, job), LANE
        )
        self._jobs[image.id] = job
        job.succeeded.connect(lambda _: self._made(project, image.id))
        job.failed.connect(self._session.say_error)
        job.finished.connect(lambda: self._jobs.pop(image.id, None))

    def _made(self, project: Project, id: int) -> None:
        """Show the picture from its overviews, if it is still the one that is open."""
        here = self._session.image
        if project is self._session.project:
            self.made.emit(id)
        if project is self._session.project and here is not None and here.id == id:
            self._loader.reload()

    def _drop_waiting(self) -> None:
        """Forget jobs that have not begun for pictures that were left."""
        running = next((job for job in self._session.jobs.jobs if job.lane == LANE), None)
        here, project = self._session.image, self._session.project
        for id, job in list(self._jobs.items()):
            if job is not running and (here is None or here.id != id):
                if project is not None and id in self._session.images:
                    self._tried.discard(project.path_of(self._session.images[id]))
                job.cancel()


def _plan(project: Project, image: ImageRecord, path: Path, info: PictureInfo) -> _Plan:
    """Look on the disk whether overviews lack, and where they can be written."""
    kept = overviews.place_in_project(project.root, image.hash)
    if not overviews.lacking(path, info, kept):
        return _Plan(path, None)
    target = overviews.target(path, project.root, image.hash)
    return _Plan(path, target if project.writable or target != kept else None)
