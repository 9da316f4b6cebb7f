"""Work that follows the mouse: one at a time, and next the newest that was asked for."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from segstudio.gui.jobs import Job
from segstudio.gui.tools.context import ToolContext

R = TypeVar("R")


class Newest(Generic[R]):
    """Runs work off the main thread without giving up what has begun.

    So there is something to see all the time while the mouse moves; what was asked for in
    between is left out.
    """

    def __init__(self, context: ToolContext, title: str, then: Callable[[R], Any]) -> None:
        self._context, self._title, self._then = context, title, then
        self._job: Job | None = None
        self._next: Callable[[Job], R] | None = None

    @property
    def busy(self) -> bool:
        return self._job is not None

    def ask(self, work: Callable[[Job], R]) -> None:
        """Do this when what is being done is over."""
        if self._job is not None:
            self._next = work
            return
        job = self._context.run(self._title, work, self._then)
        self._job = job
        job.finished.connect(lambda: self._over(job))

    def forget(self) -> None:
        """Give up what is asked for."""
        self._next = None
        if self._job is not None:
            self._job = None
            self._context.stop()

    def _over(self, job: Job) -> None:
        if self._job is job:
            self._job = None
            work, self._next = self._next, None
            if work is not None:
                self.ask(work)
