"""The one thread that writes to a project's database."""

import logging
import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from segstudio.errors import UserError

log = logging.getLogger(__name__)

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]


class Writer:
    """Carries out changes one after another, each in a transaction of its own.

    When the disk refuses (full, gone, read-only), the change at hand and those behind it
    wait in memory, ``on_stall`` is told, and the change is tried again every few seconds
    and whenever `retry` or `move` is called. So nothing is lost while the process lives.
    """

    patience = 3.0
    """Seconds between two tries of a change that the disk refused."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._queue: queue.SimpleQueue[tuple[Work[Any], Future[Any]] | None] = queue.SimpleQueue()
        self._nudge = threading.Event()
        self._abandon = self._closed = False
        self._gate = threading.Lock()
        self._swap = threading.Lock()
        self.on_stall: Callable[[Exception], None] = lambda error: None
        self.stalled: Exception | None = None
        self._thread = threading.Thread(target=self._loop, name="store-writer", daemon=True)
        self._thread.start()

    def submit(self, work: Work[T]) -> "Future[T]":
        """Queue a change; the future holds its result once it is committed."""
        future: Future[T] = Future()
        with self._gate:
            if self._closed:  # nobody would ever carry it out
                future.set_exception(RuntimeError("the project was closed"))
            else:
                self._queue.put((work, future))
        return future

    def settle(self) -> None:
        """Wait until all that was submitted so far is committed."""
        self.submit(lambda connection: None).result()

    def settled(self) -> bool:
        """Wait as `settle` does, but no longer than until the disk refuses; false then."""
        future = self.submit(lambda connection: None)
        while self.stalled is None:
            try:
                future.result(timeout=0.05)
            except TimeoutError:
                continue
            return True
        return False

    def hurry(self) -> None:
        """From now on give up what the disk refuses: nobody is there to make room."""
        self._abandon = True
        self._nudge.set()

    def retry(self) -> None:
        """Try a refused change again now."""
        self._nudge.set()

    def move(self, make: Callable[[sqlite3.Connection], sqlite3.Connection]) -> None:
        """Go on with the database that ``make`` copies this one to; no change falls between."""
        with self._swap:
            old = self._connection
            self._connection = make(old)
        old.close()
        self.retry()

    def close(self, wait: bool = True) -> None:
        """Finish what is queued and stop; with ``wait`` off, give up what the disk refuses."""
        self._abandon = self._abandon or not wait
        with self._gate:
            self._closed = True
            self._queue.put(None)
        self._nudge.set()
        self._thread.join()
        self._connection.close()

    def _loop(self) -> None:
        while (item := self._queue.get()) is not None:
            work, future = item
            while not self._done(work, future):
                if self._abandon:
                    future.set_exception(UserError(f"a change was not saved: {self.stalled}"))
                    break
                self._nudge.wait(self.patience)
                self._nudge.clear()

    def _done(self, work: Work[Any], future: "Future[Any]") -> bool:
        """Try one change; false where the disk refused it."""
        with self._swap:
            connection = self._connection
            try:
                connection.execute("BEGIN IMMEDIATE")
                result = work(connection)
                connection.execute("COMMIT")
            except sqlite3.OperationalError as error:
                _roll_back(connection)
                self._stall(error)
                return False
            except Exception as error:
                _roll_back(connection)
                log.error("a change could not be saved", exc_info=error)
                future.set_exception(error)
                return True
        self.stalled = None
        future.set_result(result)
        return True

    def _stall(self, error: Exception) -> None:
        first = self.stalled is None
        self.stalled = error
        if first:
            log.warning("the disk refuses changes: %s", error)
            self.on_stall(error)


def _roll_back(connection: sqlite3.Connection) -> None:
    try:
        connection.execute("ROLLBACK")
    except sqlite3.Error:
        log.debug("nothing to roll back")
