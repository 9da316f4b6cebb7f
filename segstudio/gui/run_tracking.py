"""Handing trainings over to a tracker, such as MLflow, as soon as they are done."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, Signal

from segstudio.errors import UserError
from segstudio.gui.jobs import Job
from segstudio.gui.session import Session
from segstudio.gui.training import Training

if TYPE_CHECKING:
    from segstudio.workflows.tracking import Kept
    from segstudio.workflows.train import TrainReport

SETTING = "tracker"


class RunTracking(QObject):
    """Knows which tracker the person has chosen, if any, and tells it of each run that is done."""

    changed = Signal()

    def __init__(self, session: Session, training: Training) -> None:
        super().__init__(session)
        self._session = session
        training.done.connect(self._hand_over)

    @property
    def chosen(self) -> str:
        """The tracker's name; empty for none."""
        return str(QSettings("segstudio", "segstudio").value(SETTING, ""))

    def choose(self, name: str) -> None:
        """Take a tracker, or none; one that is not installed is refused, saying how to."""
        from segstudio.workflows.tracking import check_tracker

        try:
            if name:
                check_tracker(name)
        except UserError as error:
            self._session.say_error(error)
        else:
            QSettings("segstudio", "segstudio").setValue(SETTING, name)
        self.changed.emit()

    def _hand_over(self, report: "TrainReport") -> None:
        project, name = self._session.project, self.chosen
        if project is None or not name:
            return
        from segstudio.workflows.tracking import hand_over

        def work(job: Job) -> "list[Kept]":
            return hand_over(project, [report.run], name, job)

        job = self._session.jobs.start("Handing over", work, "tracking")
        job.succeeded.connect(self._handed_over)
        job.failed.connect(self._session.say_error)

    def _handed_over(self, kept: "list[Kept]") -> None:
        for each in kept:
            self._session.said.emit(f"run {each.run} is logged", each.place)
