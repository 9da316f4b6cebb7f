"""The model in use: which run gave it, and how good it is."""

from PySide6.QtCore import QObject, Signal

from segstudio.domain.records import RunRecord
from segstudio.gui.jobs import Job
from segstudio.gui.session import Session


class Models(QObject):
    """The runs of the project and the one whose model predicts, read off the main thread."""

    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self.runs: list[RunRecord] = []
        self.current: RunRecord | None = None
        session.project_changed.connect(self._forget)

    def _forget(self) -> None:
        self.runs, self.current = [], None
        self.changed.emit()
        self.reload()

    def reload(self) -> None:
        """Read runs and the model in use again; what is known stays until it is read."""
        from segstudio.workflows.models import IN_USE

        project = self._session.project
        if project is None:
            return

        def work(job: Job) -> tuple[list[RunRecord], str]:
            return project.runs(), project.fact(IN_USE)

        job = self._session.jobs.start("Reading runs", work, "quick")
        job.succeeded.connect(
            lambda found: self._show(*found) if project is self._session.project else None
        )

    def _show(self, runs: list[RunRecord], used: str) -> None:
        self.runs = runs
        self.current = next((run for run in runs if str(run.id) == used), None)
        self.changed.emit()
