"""How slow work reports progress and learns that it must stop."""

from collections.abc import Iterator, Sequence
from typing import Protocol, TypeVar

T = TypeVar("T")


class Cancelled(Exception):
    """The user asked a task to stop. Raised in the task, shown to nobody."""


class Task(Protocol):
    """What slow work is handed: its line to whoever waits for it."""

    def report(self, done: int, total: int, text: str) -> None:
        """Tell how far the work has come; raise `Cancelled` if it must stop."""


def track(task: Task, items: Sequence[T], text: str) -> Iterator[T]:
    """Yield the items, reporting to ``task`` before each and at the end."""
    for done, item in enumerate(items):
        task.report(done, len(items), text)
        yield item
    task.report(len(items), len(items), text)


class Quiet:
    """A task that nobody watches: for tests and scripts."""

    def report(self, done: int, total: int, text: str) -> None:
        pass


class Part:
    """A stretch of a longer task, so that a step inside reports as part of the whole."""

    def __init__(self, task: Task, done: int, total: int, text: str = "") -> None:
        self._task, self._done, self._total, self._text = task, done, total, text

    def report(self, done: int, total: int, text: str) -> None:
        fine = 1000
        inside = round(fine * done / total) if total else 0
        self._task.report(self._done * fine + inside, self._total * fine, self._text or text)
