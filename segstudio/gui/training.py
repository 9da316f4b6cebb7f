"""Training from the window: in the background, one run after another, with curves on the way."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from segstudio.errors import UserError
from segstudio.gui.beginnings import Beginnings
from segstudio.gui.course import Course
from segstudio.gui.jobs import Job
from segstudio.gui.models import Models
from segstudio.gui.session import Session
from segstudio.gui.training_again import going_on

if TYPE_CHECKING:
    from segstudio.store.project import Project
    from segstudio.workflows.choice import Choice
    from segstudio.workflows.curves import Curves
    from segstudio.workflows.train import TrainReport


class Training(QObject):
    """Starts, pauses and stops trainings; the model in use changes only when one has succeeded.

    ``preset``, ``network`` and ``values`` (settings by name) are what the next one does, from
    where ``beginnings`` says.
    """

    changed = Signal()
    began = Signal()
    """One begins to read the labels, or waits to do so."""
    stepped = Signal(dict)
    evaluated = Signal(dict)
    looked = Signal()
    """There are new samples."""
    warned = Signal(str)
    done = Signal(object)  # TrainReport
    ended = Signal()
    """One is done or has failed: whoever started it may have turned to something else."""

    def __init__(self, session: Session, models: Models) -> None:
        super().__init__(session)
        self._session, self._models = session, models
        self._courses: list[Course] = []
        self.beginnings = Beginnings(session, models)
        self.beginnings.changed.connect(self.changed)
        self.preset = "quick"
        self.network: str | None = None
        self.values: dict[str, Any] = {}
        self._last: Course | None = None
        self.report: TrainReport | None = None
        session.project_changed.connect(self._forget)

    # -- what is going on ------------------------------------------------------------

    @property
    def running(self) -> bool:
        return bool(self._courses)

    @property
    def by_itself(self) -> bool:
        """Whether nobody asked for the training that was begun last."""
        return bool(self._courses) and self._courses[-1].by_itself

    @property
    def waiting(self) -> int:
        """How many trainings begin when the one that runs is done."""
        return max(0, len(self._courses) - 1)

    @property
    def paused(self) -> bool:
        return bool(self._courses) and self._courses[0].paused

    @property
    def curves(self) -> "Curves":
        """The curves of the training that runs, else of the last one that came far enough."""
        course = self._shown
        return self._nothing if course is None else course.curves

    @property
    def samples(self) -> list[Any]:
        """Predictions of the training that runs, else of the last one."""
        return [] if self._shown is None else self._shown.samples

    @cached_property
    def _nothing(self) -> "Curves":
        from segstudio.workflows.curves import Curves

        return Curves()

    @property
    def _shown(self) -> Course | None:
        return self._courses[0] if self._courses else self._last

    @property
    def seconds_left(self) -> float | None:
        """How long the training that runs will take, from its last steps; None at its beginning."""
        return self._courses[0].seconds_left if self._courses else None

    def next(self) -> "Choice":
        """Return what the next training does, and what it begins from; raises as `choice` does."""
        choice = self.choice()
        return replace(choice, weights=self.beginnings.weights(choice))

    def choice(self) -> "Choice":
        """Return the settings of the next training; raise `UserError` for some that do not fit."""
        from segstudio.workflows.choice import choose

        return choose(self.preset, self.network, self.values)

    def take(self, choice: "Choice") -> None:
        """Let the next training be as ``choice`` says, such as one from a file."""
        from segstudio.learning.presets import preset

        usual = asdict(preset(self.preset))
        training = asdict(choice.training)
        self.network = training.pop("network")
        self.values = {name: v for name, v in training.items() if v != usual[name]}
        self.values |= {**choice.network, **choice.loss}
        self.beginnings.begin_from(choice.weights)

    def set_network(self, name: str | None) -> None:
        """Choose the network, None for that of the preset; settings of another one are dropped."""
        from segstudio.learning.networks.network import networks
        from segstudio.learning.settings import TrainSettings
        from segstudio.settings import settings_of

        former = networks[self.choice().training.network]
        lost = {s.name for s in settings_of(former)} - {s.name for s in settings_of(TrainSettings)}
        self.network = name
        self.values = {n: value for n, value in self.values.items() if n not in lost}
        self.values.pop("network", None)
        self.changed.emit()

    # -- commands --------------------------------------------------------------------

    def start(self) -> Job | None:
        """Train on what is labelled when its turn comes: at once, or after those that wait."""
        try:
            choice = self.next()
        except UserError as error:
            self._session.say_error(error)
            return None
        return self._begin(Course(choice))

    def start_by_itself(self, full: bool = False) -> Job | None:
        """Go on from the weights in use, with ``full`` from the first ones; see `going_on`."""
        try:
            choice = self.choice()
        except UserError as error:
            self._session.say_error(error)
            return None
        begin = self.beginnings
        weights = (None if full else begin.in_use(choice)) or begin.first(choice)
        return self._begin(Course(going_on(choice, weights, self.values), by_itself=True))

    def again(self, run: int) -> None:
        """Train anew as a run was trained, on what is labelled now."""
        from segstudio.workflows.beginnings import choice_again
        from segstudio.workflows.run_table import find_run

        self._of_run(lambda project: choice_again(project, find_run(project, run)))

    def resume(self, run: int) -> None:
        """Go on with a run that was interrupted."""
        from segstudio.workflows.train import choice_of_run

        self._of_run(lambda project: choice_of_run(project, run), run)

    def _of_run(self, read: "Callable[[Project], Choice]", resume: int | None = None) -> None:
        """Begin as soon as the settings of a run are read."""
        project = self._session.project
        if project is None:
            return
        job = self._session.jobs.start("Reading a run", lambda job: read(project), "quick")
        job.succeeded.connect(
            lambda choice: (
                self._begin(Course(choice, resume)) if project is self._session.project else None
            )
        )
        job.failed.connect(self._session.say_error)

    def pause(self) -> None:
        """Hold the training up until `go_on`."""
        if self._courses and self._courses[0].gate is not None:
            self._courses[0].gate.pause()
            self.changed.emit()

    def go_on(self) -> None:
        if self._courses:
            self._courses[0].go_on()
            self.changed.emit()

    def stop(self) -> None:
        """Cancel the training that runs; the model in use stays, and those that wait begin."""
        if self._courses and self._courses[0].job is not None:
            self._courses[0].job.cancel()

    def stop_all(self) -> None:
        """Cancel the training that runs and those that wait."""
        for course in reversed(self._courses.copy()):
            if course.job is not None:
                course.job.cancel()

    # -- one training ----------------------------------------------------------------

    def _begin(self, course: Course) -> Job | None:
        session, project = self._session, self._session.project
        if project is None or not project.writable:
            return None
        self._courses.append(course)
        title = f"Training {course.choice.training.network}"
        job = course.job = session.jobs.start(title, lambda job: course.work(project, job), "train")
        job.estimate = lambda: course.seconds_left
        job.noted.connect(lambda entry: self._note(course, entry))
        job.succeeded.connect(self._succeeded)
        job.failed.connect(self._failed)
        job.finished.connect(lambda: self._finished(course))
        if len(self._courses) > 1:
            count = self.waiting
            text = f"{count} trainings wait" if count > 1 else "the training waits for its turn"
            session.said.emit(text, "it learns from what is labelled when it begins")
        self.began.emit()
        self.changed.emit()
        return job

    def _note(self, course: Course, entry: Mapping[str, Any]) -> None:
        course.take(entry)
        if not course.entered:
            course.entered = True
            self._models.reload()  # its run is in the project by now
        if "samples" in entry:
            self.looked.emit()
        if "loss" in entry:
            self.stepped.emit(dict(entry))
        if "iou" in entry:
            self.evaluated.emit(dict(entry))
        if "warning" in entry:
            self.warned.emit(str(entry["warning"]))

    def _succeeded(self, report: "TrainReport") -> None:
        from segstudio.workflows.replacing import outcome

        self.report = report
        miou = "–" if report.miou is None else f"{report.miou:.2f}"
        kind = "indicative mIoU" if report.indicative else "mIoU"
        said = outcome(report.former, report.in_use)
        self._session.said.emit(f"run {report.run} has learned: {kind} {miou}", said)
        self._models.reload()
        self.done.emit(report)
        self.ended.emit()

    def _failed(self, error: Exception) -> None:
        self._session.say_error(error)
        self.ended.emit()

    def _finished(self, course: Course) -> None:
        """The next one has begun by now; what it tells comes later."""
        if course in self._courses:
            self._courses.remove(course)
            self._keep(course)
        self._models.reload()
        self.changed.emit()

    def _keep(self, course: Course) -> None:
        """Let a training stay in sight, unless it came less far than the one before it."""
        before = self._last is not None and self._last.curves.evaluated
        if course.curves.evaluated or (course.curves.steps and not before):
            self._last = course

    def _forget(self) -> None:
        self.stop_all()
        self._last, self.report = None, None
        self.changed.emit()
