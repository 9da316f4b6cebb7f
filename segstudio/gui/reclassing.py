"""Merging and deleting a class in the window, while strokes go on."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer

from segstudio.domain.edit import Edit
from segstudio.errors import UserError
from segstudio.gui.dialogs.ask import Asker
from segstudio.gui.jobs import Job
from segstudio.gui.session import Session
from segstudio.store.project import Project
from segstudio.workflows.reclass import Reclass, Reclassing, Use, use_of

SOON = 30
"""Milliseconds until it is looked again whether a stroke has ended."""

WRITING = ("work", "quick")
"""Lanes of jobs that end in edits."""


class Touched:
    """The pictures that are changed from now on, forwards and back in time."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._images: set[int] = set()
        self._done = self._now()
        session.history_changed.connect(self._look)

    def _now(self) -> dict[int, frozenset[int]]:
        history = self._session.history
        return {entry.id: entry.images for entry in history.entries[: history.done]}

    def _look(self) -> None:
        before, self._done = self._done, self._now()
        for id in before.keys() ^ self._done.keys():
            self._images |= before.get(id) or self._done.get(id) or frozenset()

    def take(self) -> set[int]:
        """Return the pictures changed since this was asked last."""
        found, self._images = self._images, set()
        return found

    def stop(self) -> None:
        self._session.history_changed.disconnect(self._look)


@dataclass(frozen=True)
class Planned:
    """What a job has worked out, and the pictures that were changed since it began."""

    job: Job
    plan: Reclassing
    edit: Edit
    touched: Touched


class ClassRemoval(QObject):
    """Takes a class off the list as one change that can be undone.

    The pictures are worked out in a job. Those that are changed meanwhile, by strokes, by other
    jobs or by going back in time, are worked out again before the edit is made.
    """

    def __init__(self, session: Session, ask: Asker) -> None:
        super().__init__(session)
        self._session, self._ask = session, ask
        self._busy = False
        self._planned: Planned | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SOON)
        self._timer.timeout.connect(self._go_on)
        session.jobs.changed.connect(self._go_on)

    def merge(self, id: int, target: int) -> Job | None:
        """Give the pixels of a class to another one; None where that cannot be."""
        return self._checked(lambda: self._start(Reclass.among(self._session.classes, id, target)))

    def delete(self, id: int) -> Job | None:
        """Delete a class; where pixels have it, ask first."""
        return self._checked(lambda: self._count(Reclass.among(self._session.classes, id)))

    def _checked(self, start: Callable[[], Job]) -> Job | None:
        try:
            if self._busy:
                raise UserError("a class is being merged or deleted", "wait until that is done")
            return start()
        except UserError as error:
            self._session.say_error(error)
            return None

    @property
    def _project(self) -> Project:
        project = self._session.project
        if project is None:
            raise UserError("no project is open")
        if project.writer.stalled is not None:
            raise UserError("classes cannot be changed while the project cannot be saved")
        return project

    # -- asking ----------------------------------------------------------------------

    def _count(self, reclass: Reclass) -> Job:
        project = self._project

        def work(job: Job) -> Use:
            project.writer.settle()
            return use_of(project, reclass.label)

        job = self._session.jobs.start("Counting", work, "quick")
        job.succeeded.connect(lambda use: self._asked(reclass, use))
        job.failed.connect(self._session.say_error)
        return job

    def _asked(self, reclass: Reclass, use: Use) -> None:
        name = reclass.label.name
        text = f"{use.text}: they become unlabelled. It can be undone."
        if not use.pixels or self._ask.confirm(f"Delete {name}?", text, "Delete", danger=True):
            self._checked(lambda: self._start(reclass))

    # -- working ---------------------------------------------------------------------

    def _start(self, reclass: Reclass) -> Job:
        session, project = self._session, self._project
        touched = Touched(session)

        def work(job: Job) -> tuple[Reclassing, Edit]:
            project.writer.settle()
            plan = Reclassing(project, reclass)
            return plan, _or_drop(plan, lambda: plan.all(job))

        self._busy = True
        job = session.jobs.start(reclass.text, work)
        self._follow(job, touched)
        return job

    def _follow(self, job: Job, touched: Touched) -> None:
        def end() -> None:
            self._end(touched)

        def take(made: tuple[Reclassing, Edit]) -> None:
            self._planned = Planned(job, *made, touched)
            self._go_on()

        job.succeeded.connect(take)
        job.failed.connect(self._session.say_error)
        job.failed.connect(end)
        job.cancelled.connect(end)

    def _end(self, touched: Touched) -> None:
        self._busy = False
        touched.stop()

    def _go_on(self) -> None:
        """Make the edit where nothing has changed since it was worked out, and nothing will."""
        planned = self._planned
        if planned is None:
            return
        if self._session.project is not planned.plan.project:
            self._planned = None
            self._end(planned.touched)
        elif self._must_wait(planned):
            self._timer.start()
        else:
            self._planned = None
            images = planned.touched.take()
            if images:
                self._again(planned.plan, images, planned.touched)
            else:
                self._end(planned.touched)
                self._apply(planned.plan, planned.edit)

    def _must_wait(self, planned: Planned) -> bool:
        """Whether pixels of the class may still be on their way."""
        session = self._session
        others = (job for job in session.jobs.jobs if job is not planned.job)
        writing = any(job.lane in WRITING for job in others)
        return writing or session.draft is not None or session.turning

    def _again(self, plan: Reclassing, images: set[int], touched: Touched) -> None:
        def work(job: Job) -> tuple[Reclassing, Edit]:
            plan.project.writer.settle()
            return plan, _or_drop(plan, lambda: plan.again(images, job))

        self._follow(self._session.jobs.start(plan.reclass.text, work, "quick"), touched)

    def _apply(self, plan: Reclassing, edit: Edit) -> None:
        wanted, target = plan.reclass, plan.reclass.target
        try:  # it may have been locked or taken away meanwhile
            Reclass.among(self._session.classes, wanted.label.id, target.id if target else None)
        except UserError as error:
            plan.drop()
            self._session.say_error(error)
        else:
            self._session.apply(edit)


def _or_drop(plan: Reclassing, work: Callable[[], None]) -> Edit:
    try:
        work()
        return plan.edit()
    except BaseException:
        plan.drop()
        raise
