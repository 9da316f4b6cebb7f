"""Proposals for many pictures at once, from the window: one edit, kept as far as it came."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from segstudio.gui.jobs import Job
from segstudio.gui.session import Session
from segstudio.store.project import Project

if TYPE_CHECKING:
    from segstudio.workflows.segment import Proposed


class Batches(QObject):
    """Plans proposals in a job and applies them; of a batch that is cancelled what was done."""

    done = Signal(int)
    """How many pictures have got a proposal."""
    _interrupted = Signal(object, object, str)  # project, Proposed, text: sent by a job's thread

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._interrupted.connect(self._keep, Qt.ConnectionType.QueuedConnection)

    def begin(
        self, title: str, text: str, plan: "Callable[[Project, Job], Proposed]"
    ) -> Job | None:
        """Start a batch; None where nothing can be written. ``text`` names what is done."""
        session, project = self._session, self._session.project
        if project is None or not project.writable:
            return None

        def work(job: Job) -> "Proposed":
            if project.writer.stalled is None:
                project.writer.settle()
            proposed = plan(project, job)
            if proposed.batch.interrupted:  # of a cancelled job nobody hears the result
                self._interrupted.emit(project, proposed, text)
            return proposed

        job = session.jobs.start(title, work)
        job.succeeded.connect(self._apply)
        job.failed.connect(session.say_error)
        return job

    def _keep(self, project: Project, proposed: "Proposed", text: str) -> None:
        """Keep what was done before it was cancelled, unless its project is closed by now."""
        if project is self._session.project and proposed.batch.images:
            count = proposed.batch.images
            self._apply(proposed)
            done = "1 picture has" if count == 1 else f"{count} pictures have"
            self._session.said.emit(
                f"{text} was stopped: {done} a proposal", "the others are as they were"
            )

    def _apply(self, proposed: "Proposed") -> None:
        session, batch = self._session, proposed.batch
        session.apply(proposed.edit)
        if batch.failed:
            first = batch.failed[0]
            count = len(batch.failed)
            session.said.emit(
                f"{count} picture{'s were' if count > 1 else ' was'} left out: {first.reason}",
                f"{batch.images} have a proposal now",
            )
        self.done.emit(batch.images)
