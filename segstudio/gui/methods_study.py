"""Which method is best on this project: measured in the background, row by row."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from segstudio.errors import UserError
from segstudio.gui.jobs import Job
from segstudio.gui.proposing import Proposing
from segstudio.gui.session import Session

if TYPE_CHECKING:
    from segstudio.workflows.study_methods import Row, Study

LANE = "study"
"""A lane of its own: a comparison takes minutes, and nothing has to wait for it."""


@dataclass(frozen=True)
class Extent:
    """How much a comparison looks at."""

    images: int = field(
        default=5,
        metadata={"label": "Pictures to learn from", "range": (1, 100),
                  "help": "Labelled pictures of the splits train and pool, at random"},
    )  # fmt: skip
    pixels: int = field(
        default=200,
        metadata={"label": "Pixels of each class", "range": (1, 10_000), "step": 50,
                  "help": "Pixels of each class that stand for strokes, at random"},
    )  # fmt: skip
    most: int = field(
        default=20,
        metadata={"label": "Pictures to measure on", "range": (1, 1000),
                  "help": "At most so many of the split val, or of those held back"},
    )  # fmt: skip


class MethodsStudy(QObject):
    """Compares all methods with several settings; those of a row can be taken over."""

    changed = Signal()
    """It began or ended, or what it found was forgotten."""
    measured = Signal(object)  # Row
    taken = Signal(object)  # Row

    def __init__(self, session: Session, proposing: Proposing) -> None:
        super().__init__(session)
        self._session, self._proposing = session, proposing
        self._job: Job | None = None
        self.extent = Extent()
        self.study: Study | None = None
        self.rows: list[Row] = []
        self.classes: list[str] = []
        self.error: UserError | None = None
        session.project_changed.connect(self._forget)

    @property
    def job(self) -> Job | None:
        """The comparison that is going on."""
        return self._job

    def start(self) -> Job | None:
        """Measure every method on what is labelled now; one comparison at a time."""
        session, project = self._session, self._session.project
        if project is None or self._job is not None:
            return None
        self._clear()
        self.classes = [label.name for label in session.classes]
        extent = self.extent

        def work(job: Job) -> None:
            from segstudio.workflows.study_methods import Study, Wanted

            if project.writable and project.writer.stalled is None:
                project.writer.settle()
            wanted = Wanted(images=extent.images, pixels=extent.pixels, most=extent.most)
            study = Study(project, wanted)
            job.note(study)
            for row in study.rows(job):
                job.note(row)

        job = session.jobs.start("Comparing methods", work, LANE)
        self._job = job
        job.noted.connect(lambda found: self._note(job, found))
        job.failed.connect(lambda error: self._failed(job, error))
        job.finished.connect(lambda: self._finished(job))
        self.changed.emit()
        return job

    def stop(self) -> None:
        """End the comparison; the rows that were measured stay."""
        if self._job is not None:
            self._job.cancel()

    def use(self, row: "Row") -> None:
        """Take a row's method and settings over into what is proposed."""
        self._proposing.set_plan(row.method, row.settings)
        self.taken.emit(row)

    def _note(self, job: Job, found: object) -> None:
        from segstudio.workflows.study_methods import Row, Study

        if job is not self._job:
            return
        if isinstance(found, Study):
            self.study = found
            self.changed.emit()
        elif isinstance(found, Row):
            self.rows.append(found)
            self.measured.emit(found)

    def _failed(self, job: Job, error: Exception) -> None:
        if job is not self._job:
            return
        if isinstance(error, UserError):
            self.error = error
        else:
            self._session.say_error(error)

    def _finished(self, job: Job) -> None:
        if job is self._job:
            self._job = None
            self.changed.emit()

    def _forget(self) -> None:
        """Another project: what goes on is of the one that was left."""
        self.stop()
        self._job = None
        self._clear()
        self.changed.emit()

    def _clear(self) -> None:
        self.study, self.rows, self.error = None, [], None
