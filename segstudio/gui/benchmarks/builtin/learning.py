"""The window while networks train: stalls, brush, cancel."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from segstudio.gui.benchmarks.samples import Row, until

if TYPE_CHECKING:
    from segstudio.testing import Studio

NETWORKS = ("ddrnet23_slim", "fast_scnn", "unet_16")
"""The one that is taken by default, the fastest, and a heavy one."""

SECONDS = 60
"""How long the window is watched while a network trains."""

TRAINER = "job-train"
"""The thread in which networks train; see `segstudio.gui.jobs`."""

REST = 0.2
"""Seconds between strokes."""


class Beat:
    """Takes the time between two turns of the event loop; the longest is a stall."""

    def __init__(self, row: Row) -> None:
        from PySide6.QtCore import QTimer

        self.row = row
        self._last = time.perf_counter()
        self._timer = QTimer()
        self._timer.timeout.connect(self._tick)
        self._timer.start(1)

    def _tick(self) -> None:
        now = time.perf_counter()
        self.row.samples.append((now - self._last) * 1000)
        self._last = now

    def stop(self) -> None:
        self._timer.stop()


def measure(folder: Path) -> Iterator[Row]:
    """Train each network for a minute while strokes are painted, then cancel."""
    from segstudio.gui.benchmarks.driving import started
    from segstudio.workflows.sample import sample_project

    studio = started(sample_project(folder, "facade", 12, 0))
    first = Row("stall when torch is loaded", "ms", 250, "max")
    cancel = Row("control back after Cancel", "s", 1.0, "max")
    rows = [row for name in NETWORKS for row in _trained(studio, name, first, cancel)]
    studio.close()
    yield first
    yield from rows
    yield cancel


def _trained(studio: "Studio", name: str, first: Row, cancel: Row) -> Iterator[Row]:
    """Yield stalls and brush while one network trains; ``first`` gets those before its steps."""
    from segstudio.gui.benchmarks.driving import stroke

    training = studio.window.training
    stalls = Row(f"longest stall in {SECONDS:g} s of training {name}", "ms", 50, "max")
    brush = Row(f"brush to repaint while training {name}, 40 px", "ms", 16, "p95")
    training.preset, training.network = "long", name
    beat = Beat(first)
    training.start()
    until(lambda: len(training.curves.steps) >= 2)
    beat.row = stalls
    end, turn = time.monotonic() + SECONDS, 0
    while time.monotonic() < end:
        stroke(studio, 40, turn, brush)
        turn += 1
        pause = time.monotonic() + REST
        until(lambda pause=pause: time.monotonic() > pause)  # type: ignore[misc]
    beat.stop()
    with cancel.timed(1.0):
        training.stop()
        until(lambda: not training.running)
    # Its last step may go on: the next network is not to suffer from it, nor the program's end.
    until(lambda: not any(thread.name == TRAINER for thread in threading.enumerate()))
    yield stalls
    yield brush
