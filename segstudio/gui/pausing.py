"""Holding slow work up for a while."""

import threading

from segstudio.domain.task import Task

LOOK = 0.1
"""Seconds after which held-up work looks whether it was cancelled."""


class Pausable:
    """A task whose `report` comes back only when the work may go on."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._free = threading.Event()
        self._free.set()

    @property
    def paused(self) -> bool:
        return not self._free.is_set()

    def pause(self) -> None:
        """Hold the work up where it reports next."""
        self._free.clear()

    def go_on(self) -> None:
        self._free.set()

    def report(self, done: int, total: int, text: str) -> None:
        """Called by the work: report, then wait while paused; raises `Cancelled` as the task."""
        self._task.report(done, total, text)
        while not self._free.wait(LOOK):
            self._task.report(done, total, "Paused")
