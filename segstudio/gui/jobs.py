"""Runs the slow work of users off the main thread."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from segstudio.domain.task import Cancelled
from segstudio.errors import UserError

log = logging.getLogger(__name__)

GRACE = 500
"""Milliseconds a cancelled job has to stop by itself before it is let go."""


class Job(QObject):
    """One piece of slow work, seen from both sides of the thread border.

    The work calls `report`; the windows listen to the signals, all of which arrive in the
    main thread, and exactly one of succeeded, failed and cancelled comes, then finished.
    """

    progressed = Signal(int, int, str)
    noted = Signal(object)
    succeeded = Signal(object)
    failed = Signal(Exception)
    cancelled = Signal()
    finished = Signal()
    _reported = Signal(int, int, str)
    _handed = Signal(object)
    _settled = Signal(object)

    def __init__(
        self, title: str, work: Callable[["Job"], Any], lane: str, parent: QObject
    ) -> None:
        super().__init__(parent)
        self.title, self.lane = title, lane
        self.done, self.total, self.text = 0, 1, title
        self.running = False
        """Whether its turn has come."""
        self.estimate: Callable[[], float | None] | None = None
        """Tells how many seconds are left, where somebody knows better than the rate so far."""
        self.started_at = time.monotonic()
        self._work = work
        self._stop = threading.Event()
        self._told = 0.0
        self._over = False
        # Queued, so that whoever starts the job can listen before the first of them arrives.
        self._reported.connect(self._remember, Qt.ConnectionType.QueuedConnection)
        self._handed.connect(self._hand_over, Qt.ConnectionType.QueuedConnection)
        self._settled.connect(self._settle, Qt.ConnectionType.QueuedConnection)

    def cancel(self) -> None:
        """Ask the work to stop; where it does not within a moment, let it run out unheard."""
        if not self._stop.is_set():
            self._stop.set()
            QTimer.singleShot(GRACE, self, lambda: self._settle(Cancelled()))

    def report(self, done: int, total: int, text: str) -> None:
        """Called by the work: tell how far it is; raises `Cancelled` when told to stop."""
        if self._stop.is_set():
            raise Cancelled
        now = time.monotonic()
        if now - self._told > 0.05 or done >= total:
            self._told = now
            self._reported.emit(done, total, text)

    def note(self, fact: object) -> None:
        """Called by the work: hand something over to the main thread before the end."""
        if not self._stop.is_set():
            self._handed.emit(fact)

    @property
    def seconds_left(self) -> float | None:
        """How long the rest takes; None while too little is known."""
        if self.estimate is not None:
            return self.estimate()
        passed = time.monotonic() - self.started_at
        if self.done <= 0 or passed < 1:
            return None
        return passed / self.done * (self.total - self.done)

    def run(self) -> None:
        """Do the work. Called in a worker thread."""
        try:
            self.report(0, 1, self.title)
            outcome = self._work(self)
        except BaseException as error:
            outcome = error
        try:
            self._settled.emit(outcome)
        except RuntimeError:
            log.debug("%s ended after its window", self.title)

    @Slot(int, int, str)
    def _remember(self, done: int, total: int, text: str) -> None:
        self.done, self.total, self.text = done, total, text
        self.progressed.emit(done, total, text)

    @Slot(object)
    def _hand_over(self, fact: object) -> None:
        if not self._stop.is_set():
            self.noted.emit(fact)

    @Slot(object)
    def _settle(self, outcome: object) -> None:
        if self._over:
            return
        self._over = True
        if isinstance(outcome, Cancelled) or self._stop.is_set():
            self.cancelled.emit()
        elif isinstance(outcome, BaseException):
            if not isinstance(outcome, UserError):
                log.error("%s failed", self.title, exc_info=outcome)
            self.failed.emit(outcome)
        else:
            self.succeeded.emit(outcome)
        self.finished.emit()
        self.deleteLater()


class JobRunner(QObject):
    """Starts jobs: those of one lane one after another, lanes side by side.

    Lanes: ``train``, ``work`` (predict, export …), and those that no list shows: ``quick``
    (what a person waits for), ``preview`` and ``mirror`` (saving masks when idle).
    """

    started = Signal(Job)
    changed = Signal()
    idle = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: list[Job] = []
        self._running: dict[str, Job] = {}

    @property
    def jobs(self) -> list[Job]:
        """All jobs that are running or waiting, in the order in which they will be done."""
        return [*self._running.values(), *self._waiting]

    def start(self, title: str, work: Callable[[Job], Any], lane: str = "work") -> Job:
        """Queue a piece of work. It gets the job as its `Task`."""
        job = Job(title, work, lane, parent=self)
        self._waiting.append(job)
        job.finished.connect(lambda: self._next(job))
        self.started.emit(job)
        self._fill()
        return job

    def cancel_all(self) -> None:
        for job in self.jobs:
            job.cancel()

    def _fill(self) -> None:
        for job in list(self._waiting):
            if job.lane not in self._running:
                self._waiting.remove(job)
                self._running[job.lane] = job
                job.running = True
                job.started_at = time.monotonic()
                threading.Thread(target=job.run, name=f"job-{job.lane}", daemon=True).start()
        self.changed.emit()

    def _next(self, job: Job) -> None:
        if self._running.get(job.lane) is job:
            del self._running[job.lane]
        elif job in self._waiting:
            self._waiting.remove(job)
        self._fill()
        if not self.jobs:
            self.idle.emit()
