"""What is told of jobs: which of them are listed, and in which words."""

from collections.abc import Sequence

from segstudio.gui.jobs import Job
from segstudio.gui.widgets.job_chip import JobLine

QUIET_LANES = (
    "quick", "preview", "study", "mirror", "figures", "facts", "watch", "tool", "objects",
)  # fmt: skip
"""Lanes of work that nobody waits for, or that is over before it could be read."""


def job_lines(jobs: Sequence[Job]) -> list[JobLine]:
    """Return the jobs as they are listed, in the order in which they are done."""
    return [job_line(job) for job in jobs if job.lane not in QUIET_LANES]


def job_line(job: Job) -> JobLine:
    """Return a job with how far it is; what its title says already is not said again."""
    note = "" if job.title.startswith(job.text) else job.text
    if not job.running:
        return JobLine(str(id(job)), job.title, state="waiting", note=note)
    done = job.done / job.total if job.total else None
    return JobLine(str(id(job)), job.title, done, job.seconds_left, note=note)
