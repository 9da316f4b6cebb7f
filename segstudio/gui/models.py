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
        session.project_changed.connect(self.reload)

    def reload(self) -> None:
        """Read runs and the model in use again."""
        from segstudio.workflows.models import IN_USE

        project = self._session.project
        self.runs, self.current = [], None
        if project is None:
            self.changed.emit()
            return

        def work(job: Job) -> tuple[list[RunRecord], str]:
            return project.runs(), project.fact(IN_USE)

        job = self._session.jobs.start("Reading runs", work, "quick")
        job.succeeded.connect(lambda found: self._show(*found))

    def _show(self, runs: list[RunRecord], used: str) -> None:
        self.runs = runs
        self.current = next((run for run in runs if str(run.id) == used), None)
        self.changed.emit()
