"""The learning curve of the project in the window, read off the main thread."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from segstudio.gui.jobs import Job
from segstudio.gui.models import Models
from segstudio.gui.session import Session

if TYPE_CHECKING:
    from segstudio.workflows.progress import Progress


class Progressing(QObject):
    """Keeps what the trainings of the project reached with how many labels and minutes."""

    changed = Signal()

    def __init__(self, session: Session, models: Models) -> None:
        super().__init__(session)
        self._session = session
        self.progress: Progress | None = None
        self._runs: list[tuple[int, str]] = []
        self._reading: Job | None = None
        session.project_changed.connect(self._forget)
        models.changed.connect(lambda: self._follow(models))

    def _forget(self) -> None:
        self.progress, self._runs = None, []
        if self._reading is not None:  # that of another project
            self._reading.cancel()
            self._reading = None
        self.changed.emit()

    def _follow(self, models: Models) -> None:
        """Read again where a training has ended, or a run was deleted."""
        runs = [(run.id, run.status) for run in models.runs]
        if runs != self._runs:
            self._runs = runs
            self.reload()

    def reload(self) -> Job | None:
        """Read the curve again; what is known stays until then."""
        from segstudio.workflows.progress import progress_of

        project = self._session.project
        if project is None:
            return None
        if self._reading is not None:
            self._reading.cancel()
        job = self._session.jobs.start(
            "Reading progress", lambda job: progress_of(project), "facts"
        )
        self._reading = job
        job.succeeded.connect(self._show)
        job.finished.connect(lambda: self._over(job))
        return job

    def _show(self, progress: "Progress") -> None:
        self.progress = progress
        self.changed.emit()

    def _over(self, job: Job) -> None:
        if self._reading is job:
            self._reading = None
