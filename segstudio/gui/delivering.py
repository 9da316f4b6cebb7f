"""Exporting from the window."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from segstudio.gui.jobs import Job
from segstudio.gui.session import Session

if TYPE_CHECKING:
    from segstudio.gui.dialogs.ask import Asker


class Delivering(QObject):
    """Writes the masks of the project in a format, into a folder of the person's choice."""

    exported = Signal(object)

    def __init__(self, session: Session, ask: "Asker") -> None:
        super().__init__(session)
        self._session, self._ask = session, ask
        self.format = "masks"

    def ask_and_export(self) -> Job | None:
        """Ask for a folder and export into it."""
        folder = self._ask.open_folder("Export into a folder")
        return None if folder is None else self.export(folder)

    def export(self, folder: Path) -> Job | None:
        """Export what is labelled."""
        from segstudio.store.exchange.format import formats
        from segstudio.workflows.export import export

        session, project, name = self._session, self._session.project, self.format
        if project is None:
            return None

        def work(job: Job) -> Any:
            if project.writable and project.writer.stalled is None:
                project.writer.settle()
            return export(project, formats[name](), folder, job)

        job = session.jobs.start("Exporting", work)
        job.succeeded.connect(lambda report: self._done(report, folder))
        job.failed.connect(session.say_error)
        return job

    def _done(self, report: Any, folder: Path) -> None:
        left = f", {len(report.failed)} left out" if report.failed else ""
        self._session.said.emit(f"{report.images} masks were written{left}", str(folder))
        self.exported.emit(report)
