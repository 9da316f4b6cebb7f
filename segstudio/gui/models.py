"""The runs of the project, the model in use, and what a person does with them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from segstudio.domain.records import RunRecord
from segstudio.gui.jobs import Job
from segstudio.gui.session import Session

if TYPE_CHECKING:
    from segstudio.workflows.run_table import Remarks, RunRow

FILE = "file"
"""The kind of the one record that stands for a model from a file."""


class Models(QObject):
    """The runs of the project and the one whose model predicts, read off the main thread."""

    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._settled = False
        self.rows: list[RunRow] = []
        self.runs: list[RunRecord] = []
        self.current: RunRecord | None = None
        session.project_changed.connect(self._forget)

    def row(self, id: int) -> "RunRow | None":
        """Return the row of a run by its number."""
        return next((row for row in self.rows if row.run.id == id), None)

    def _forget(self) -> None:
        self.rows, self.runs, self.current, self._settled = [], [], None, False
        self.changed.emit()
        self.reload()

    def reload(self) -> None:
        """Read runs and the model in use again; what is known stays until it is read."""
        from segstudio.workflows.models import file_in_use
        from segstudio.workflows.run_table import run_rows
        from segstudio.workflows.runs import settle_interrupted

        project = self._session.project
        if project is None:
            return
        first = not self._settled and project.writable and project.writer.stalled is None
        self._settled = True

        def work(job: Job) -> "tuple[list[RunRow], Path | None]":
            if first:  # none of this window has begun yet: what runs now did so before a crash
                settle_interrupted(project)
            return run_rows(project), file_in_use(project)

        job = self._session.jobs.start("Reading runs", work, "quick")
        job.succeeded.connect(
            lambda found: self._show(*found) if project is self._session.project else None
        )

    def _show(self, rows: "list[RunRow]", file: Path | None) -> None:
        self.rows, self.runs = rows, [row.run for row in rows]
        self.current = next((row.run for row in rows if row.in_use), None)
        if file is not None:  # a model from elsewhere: as a run that nobody has seen
            self.current = RunRecord(0, FILE, file.name, "done", 0.0)
        self.changed.emit()

    # -- what a person does ----------------------------------------------------------

    def use(self, id: int) -> Job | None:
        """Let the model of a run be the one in use."""
        from segstudio.workflows.run_table import use_run

        return self._do(f"Using run {id}", use_run, id)

    def remark(self, id: int, remarks: "Remarks") -> Job | None:
        """Keep a note and tags with a run."""
        from segstudio.workflows.run_table import write_remarks

        job = self._do(f"Noting run {id}", write_remarks, id, remarks)
        if job is not None:  # what is written next begins from this, not from what was read
            self.rows = [
                replace(row, remarks=remarks) if row.run.id == id else row for row in self.rows
            ]
            self.changed.emit()
        return job

    def remove(self, ids: Sequence[int]) -> Job | None:
        """Delete runs with their models, curves and notes; nothing brings them back."""
        from segstudio.workflows.run_table import remove_runs

        return self._do("Deleting runs", remove_runs, list(ids))

    def _do(self, title: str, act: Callable[..., Any], *about: Any) -> Job | None:
        session, project = self._session, self._session.project
        if project is None or not project.writable:
            return None
        job = session.jobs.start(title, lambda job: act(project, *about), "quick")
        job.failed.connect(session.say_error)
        job.finished.connect(self.reload)
        return job
