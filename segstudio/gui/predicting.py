"""Predicting from the window: proposals of the model in use."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from segstudio.domain.records import ImageRecord, State
from segstudio.gui.jobs import Job
from segstudio.gui.models import Models
from segstudio.gui.session import Session
from segstudio.store.project import Project

if TYPE_CHECKING:
    from segstudio.workflows.segment import Proposed


class Predicting(QObject):
    """Puts what the model in use says into the proposal layer; one edit a batch."""

    predicted = Signal(int)
    _interrupted = Signal(object, object)  # project, Proposed: sent by a job's thread

    def __init__(self, session: Session, models: Models) -> None:
        super().__init__(session)
        self._session, self._models = session, models
        self._interrupted.connect(self._keep, Qt.ConnectionType.QueuedConnection)

    def this_image(self) -> Job | None:
        """Predict the open image."""
        image = self._session.image
        return None if image is None else self._predict([image], f"Predicting {image.name}")

    def all_images(self) -> Job | None:
        """Predict every image that is not reviewed."""
        images = [i for i in self._session.images.values() if i.state != State.REVIEWED]
        return self._predict(images, f"Predicting {len(images)} pictures")

    def images(self, ids: Iterable[int]) -> Job | None:
        """Predict the images that were chosen, reviewed ones too: only a proposal comes of it."""
        images = [self._session.images[id] for id in ids if id in self._session.images]
        title = images[0].name if len(images) == 1 else f"{len(images)} pictures"
        return self._predict(images, f"Predicting {title}")

    def _predict(self, images: list[ImageRecord], title: str) -> Job | None:
        from segstudio.workflows.items import items_of
        from segstudio.workflows.models import in_use
        from segstudio.workflows.predict import plan_predict

        session, project = self._session, self._session.project
        if project is None or not project.writable or not images:
            return None

        def work(job: Job) -> "Proposed":
            if project.writer.stalled is None:
                project.writer.settle()
            found = in_use(project)
            proposed = plan_predict(project, items_of(project, images), found, job, threads=1)
            if proposed.batch.interrupted:  # of a cancelled job nobody hears the result
                self._interrupted.emit(project, proposed)
            return proposed

        job = session.jobs.start(title, work)
        job.succeeded.connect(self._apply)
        job.failed.connect(session.say_error)
        return job

    def _keep(self, project: Project, proposed: "Proposed") -> None:
        """Keep what was done before it was cancelled, unless its project is closed by now."""
        if project is self._session.project and proposed.batch.images:
            count = proposed.batch.images
            self._apply(proposed)
            done = "1 picture has" if count == 1 else f"{count} pictures have"
            self._session.said.emit(
                f"predicting was stopped: {done} a proposal", "the others are as they were"
            )

    def _apply(self, proposed: "Proposed") -> None:
        session, batch = self._session, proposed.batch
        session.apply(proposed.edit)
        if batch.failed:
            first = batch.failed[0]
            session.said.emit(
                f"{len(batch.failed)} pictures were left out: {first.reason}",
                f"{batch.images} have a proposal now",
            )
        self.predicted.emit(batch.images)
