"""Training from the window: in the background, with its curves on the way."""

import gc
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from segstudio.gui.jobs import Job
from segstudio.gui.models import Models
from segstudio.gui.session import Session
from segstudio.processors import all_but_one, give_way

if TYPE_CHECKING:
    from segstudio.workflows.train import TrainReport


@dataclass
class Curves:
    """What a run has told so far."""

    steps: list[int] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)
    evaluated: list[int] = field(default_factory=list)
    mious: list[float] = field(default_factory=list)
    iou: Mapping[str, float | None] = field(default_factory=dict)
    total: int = 0


class Training(QObject):
    """Starts and stops trainings; the model in use changes only when one has succeeded."""

    changed = Signal()
    stepped = Signal(dict)
    evaluated = Signal(dict)
    done = Signal(object)  # TrainReport

    def __init__(self, session: Session, models: Models) -> None:
        super().__init__(session)
        self._session, self._models = session, models
        self._job: Job | None = None
        self.preset = "quick"
        self.network: str | None = None
        self.values: dict[str, Any] = {}
        self.curves = Curves()
        self.report: TrainReport | None = None
        session.project_changed.connect(self._forget)

    @property
    def running(self) -> bool:
        return self._job is not None

    def _forget(self) -> None:
        self.stop()
        self.curves, self.report = Curves(), None
        self.changed.emit()

    def start(self) -> Job | None:
        """Train on what is labelled now; one training at a time."""
        from segstudio.workflows.train import choose, train

        session, project = self._session, self._session.project
        if project is None or self._job is not None:
            return None
        choice = choose(self.preset, self.network, self.values)
        self.curves = Curves(total=choice.training.steps)

        def work(job: Job) -> "TrainReport":
            if project.writer.stalled is None:
                project.writer.settle()
            give_way()  # in the job's own thread, which ends with it: the priority stays with it
            # What torch has brought is here to stay: looking through it for garbage now and then
            # would hold up the window for a tenth of a second.
            gc.freeze()
            return train(project, choice, job, job.note, all_but_one())

        job = session.jobs.start("Training", work, "train")
        self._job = job
        job.noted.connect(self._note)
        job.succeeded.connect(self._succeeded)
        job.failed.connect(session.say_error)
        job.finished.connect(self._finished)
        self.changed.emit()
        return job

    def stop(self) -> None:
        """Cancel the training; the model in use stays."""
        if self._job is not None:
            self._job.cancel()

    def _note(self, entry: dict[str, Any]) -> None:
        curves = self.curves
        if "loss" in entry:
            curves.steps.append(entry["step"])
            curves.losses.append(entry["loss"])
            self.stepped.emit(entry)
        if "iou" in entry:
            curves.evaluated.append(entry["step"])
            curves.mious.append(entry.get("miou") or 0.0)
            curves.iou = entry["iou"]
            self.evaluated.emit(entry)

    def _succeeded(self, report: "TrainReport") -> None:
        self.report = report
        self._models.reload()
        self.done.emit(report)

    def _finished(self) -> None:
        self._job = None
        self._models.reload()
        self.changed.emit()
