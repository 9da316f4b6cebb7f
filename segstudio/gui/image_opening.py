"""Reading the layers of the image that is to be shown, off the main thread."""

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from segstudio.domain.layers import Layers
from segstudio.domain.records import ImageRecord
from segstudio.gui.jobs import Job
from segstudio.store.project import Project

if TYPE_CHECKING:
    from segstudio.gui.session import Session


class ImageOpening(QObject):
    """At most one image is being opened; another one takes its place."""

    def __init__(self, session: "Session") -> None:
        super().__init__(session)
        self._session = session
        self._job: Job | None = None
        self.id: int | None = None
        """The image that is being opened."""

    @property
    def busy(self) -> bool:
        return self._job is not None

    def start(self, project: Project, image: ImageRecord) -> None:
        """Read an image's layers, after all that is being saved.

        A disk that refuses is waited for only where nobody else knows what it is to hold.
        """
        self.stop()
        behind = self._session.ledger.behind(image.id)

        def work(job: Job) -> Layers:
            if project.writable:
                while not project.writer.settled() and behind:
                    while project.writer.stalled is not None:
                        job.report(0, 1, "Waiting for the disk")
                        time.sleep(0.05)
            return project.layers(image)

        job = self._session.jobs.start(f"Opening {image.name}", work, "quick")
        self._job, self.id = job, image.id
        job.succeeded.connect(lambda layers: self._show(job, layers))
        job.failed.connect(lambda error: self._fail(job, error))

    def stop(self) -> None:
        """Give up what is being opened."""
        if self._job is not None:
            self._job.cancel()
        self._job = self.id = None

    def _show(self, job: Job, layers: Layers) -> None:
        if job is self._job and self.id is not None:
            id, self._job, self.id = self.id, None, None
            self._session.show_image(id, layers)

    def _fail(self, job: Job, error: Exception) -> None:
        if job is self._job:
            self._job = self.id = None
        self._session.say_error(error)
