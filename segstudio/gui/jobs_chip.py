"""The chip that says which jobs go on, kept up to date."""

from PySide6.QtCore import QTimer

from segstudio.gui.job_lines import job_lines
from segstudio.gui.jobs import JobRunner
from segstudio.gui.widgets.job_chip import JobChip

AGAIN = 250
"""Milliseconds between two looks at how far the jobs are."""


class JobsChip(JobChip):
    """Lists the jobs of a runner with how far they are, and cancels those it is told to."""

    def __init__(self, jobs: JobRunner) -> None:
        super().__init__("jobs")
        self._runner = jobs
        self._look_again = QTimer(self)
        self._look_again.setInterval(AGAIN)
        self._look_again.timeout.connect(self._list)
        self.cancel_requested.connect(self._cancel_named)
        jobs.changed.connect(self._list)

    def _list(self) -> None:
        lines = job_lines(self._runner.jobs)
        self.set_jobs(lines)
        if not lines:
            self._look_again.stop()
        elif not self._look_again.isActive():
            self._look_again.start()

    def _cancel_named(self, key: str) -> None:
        for job in self._runner.jobs:
            if str(id(job)) == key:
                job.cancel()
