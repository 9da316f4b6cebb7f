"""Progress of a command on stderr: a bar on a terminal, a line now and then elsewhere."""

import _thread
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TextIO

from segstudio.domain.task import Cancelled
from segstudio.errors import UserError

WIDTH = 24
"""Characters of the bar."""

QUIET = 10.0
"""Seconds between two lines where there is no terminal."""


class Progress:
    """The `Task` of the command line. `interruptible` makes Ctrl+C cancel it."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._terminal = stream.isatty()
        self._stop = threading.Event()
        self._failure: UserError | None = None
        self._heard = threading.Event()
        self._text, self._total = "", 0
        self._last = 0.0
        self._began = self._told = time.monotonic()
        self._drawn = 0

    def report(self, done: int, total: int, text: str) -> None:
        if self._stop.is_set():
            raise Cancelled
        now = time.monotonic()
        share = done / total if total else 0.0
        if total != self._total or share < self._last:  # another stretch of work
            self._total, self._began, self._told = total, now, now
        self._text, self._last = text, share
        pause = 0.1 if self._terminal else QUIET
        if now - self._told >= pause or (self._terminal and done >= total and self._drawn):
            self._told = now
            self._show(self._line(done, total, share, now - self._began))

    def _line(self, done: int, total: int, share: float, passed: float) -> str:
        if total > 9999:  # parts of parts, which nobody counts
            counted, rate = f"{share:4.0%}", ""
        else:
            counted = f"{done}/{total}"
            rate = f", {done / passed:.3g}/s" if done and passed else ""
        left = f", {_duration(passed / share * (1 - share))} left" if share > 0 else ""
        filled = round(WIDTH * share)
        bar = "█" * filled + "░" * (WIDTH - filled) + " " if self._terminal else ""
        return f"{self._text}: {bar}{counted}{rate}{left}"

    def _show(self, line: str) -> None:
        if self._terminal:
            self._stream.write("\r" + line.ljust(self._drawn))
            self._drawn = len(line)
        else:
            self._stream.write(line + "\n")
        self._stream.flush()

    def finish(self) -> None:
        """Clear the bar."""
        if self._drawn:
            self._stream.write("\r" + " " * self._drawn + "\r")
            self._stream.flush()
            self._drawn = 0

    @contextmanager
    def interruptible(self) -> Iterator[None]:
        """Let the first Ctrl+C cancel the task at its next report; the second ends all at once."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return

        def stop(number: int, frame: FrameType | None) -> None:
            if self._failure is not None:
                if not self._heard.is_set():
                    self._heard.set()
                    raise self._failure
                return
            if self._stop.is_set():
                raise KeyboardInterrupt
            self._stop.set()

        before = signal.signal(signal.SIGINT, stop)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)

    def fail(self, error: UserError) -> None:
        """End the command with an error. Called in another thread, while the main one waits."""
        self._failure = error
        # Only a true signal wakes a thread that waits, and it is lost on one that is just
        # about to: so it is sent until it has been heard.
        while not self._heard.wait(0.05):
            if hasattr(signal, "pthread_kill"):
                signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
            else:
                _thread.interrupt_main()


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
