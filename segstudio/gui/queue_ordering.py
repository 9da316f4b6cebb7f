"""How the queue of the project is ordered, and the job that does it."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from segstudio.domain.records import QueueItem
from segstudio.errors import Failure, UserError
from segstudio.gui.jobs import Job
from segstudio.gui.queue_choice import QueueChoice
from segstudio.gui.session import Session

if TYPE_CHECKING:
    from segstudio.store.project import Project

FACT = "queue"
"""The project's fact that holds how its queue is ordered."""

Order = tuple[list[QueueItem], list[bool]]
"""Items, and whether each is labelled already."""


class QueueOrdering(QObject):
    """``choice`` is how the queue is ordered next, ``job`` what orders it at this moment."""

    changed = Signal()
    read = Signal(object)
    """The order that the project has, when it is opened."""
    ordered = Signal(object)
    """A new order."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self.choice = QueueChoice()
        self.notes: list[str] = []
        """What was done at the last ordering instead of what was asked for."""
        self.job: Job | None = None
        self._again = False

    def reload(self) -> None:
        """Read how the queue of the project is ordered."""
        self.notes, self._again = [], False
        if self.job is not None:  # it looks at another project
            self.job.cancel()
            self.job = None
        self.changed.emit()
        project = self._session.project
        if project is None:
            return

        def work(job: Job) -> tuple[str, Order]:
            order = _as_it_stands(project, project.queue)
            return project.fact(FACT), order

        job = self._session.jobs.start("Reading the queue", work, "quick")
        job.succeeded.connect(
            lambda found: self._read(*found) if project is self._session.project else None
        )

    def _read(self, choice: str, order: Order) -> None:
        self.choice = QueueChoice.from_text(choice)
        self.changed.emit()
        self.read.emit(order)

    def choose(
        self,
        strategy: str | None = None,
        batch: int | None = None,
        values: dict[str, Any] | None = None,
    ) -> None:
        """Order the queue in another way from the next time on; the project remembers it."""
        self.choice.change(strategy, batch, values)
        project = self._session.project
        if project is not None and project.writable:
            project.set_fact(FACT, self.choice.to_text())

    def rank(self) -> Job | None:
        """Choose what to label next."""
        return self.job or self._begin(quietly=False)

    def rank_again(self) -> None:
        """Choose anew after a training; where nothing is left, that is no error.

        An order in the making asks the former model: another one follows it.
        """
        if self.job is None:
            self._begin(quietly=True)
        else:
            self._again = True

    def _begin(self, quietly: bool) -> Job | None:
        from segstudio.workflows.rank import rank

        session, project = self._session, self._session.project
        if project is None or not project.writable:
            return None
        strategy, budget = self.choice.part(), self.choice.batch

        def work(job: Job) -> tuple[Order, Sequence[str]]:
            found = rank(project, job, strategy, None, budget, threads=1)
            if found.failed and not found.items:
                raise UserError("no picture could be looked at", found.failed[0].reason)
            # The person has gone on meanwhile: what they labelled or refused is not asked for.
            order = _as_it_stands(project, lambda: found.items)
            return order, [*found.notes, *_left_out(found.failed)]

        job = session.jobs.start("Ordering the queue", work)
        self.job = job
        job.succeeded.connect(
            lambda found: self._take(*found) if project is session.project else None
        )
        job.failed.connect(lambda error: self._failed(error, quietly))
        job.cancelled.connect(self._give_up)
        job.finished.connect(lambda: self._over(job))
        self.changed.emit()
        return job

    def _take(self, order: Order, notes: Sequence[str]) -> None:
        self.notes = list(notes)
        self.ordered.emit(order)

    def _failed(self, error: Exception, quietly: bool) -> None:
        from segstudio.workflows.rank import NothingLeft

        if not (quietly and isinstance(error, NothingLeft)):
            self._session.say_error(error)

    def _give_up(self) -> None:
        self._again = False

    def _over(self, job: Job) -> None:
        if self.job is job:
            self.job = None
            again, self._again = self._again, False
            self.changed.emit()
            if again:
                self._begin(quietly=True)


def _as_it_stands(project: "Project", items: Callable[[], Sequence[QueueItem]]) -> Order:
    """Return what of some items is still asked for, once all that was done so far is written."""
    from segstudio.workflows.queue import wanted

    if project.writable:
        project.writer.settled()
    return wanted(project, items())


def _left_out(failed: Sequence[Failure]) -> list[str]:
    """Say how many pictures could not be looked at, and why the first could not."""
    if not failed:
        return []
    count = "1 picture was" if len(failed) == 1 else f"{len(failed)} pictures were"
    return [f"{count} left out: {failed[0].reason}"]
