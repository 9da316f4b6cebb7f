"""The window while a network trains: stalls, brush, cancel."""

import time
from collections.abc import Iterator
from pathlib import Path

from segstudio.gui.benchmarks.samples import Row, until

SECONDS = 60


def measure(folder: Path) -> Iterator[Row]:
    """Train for a minute while strokes are painted, then cancel."""
    from PySide6.QtCore import QTimer

    from segstudio.gui.benchmarks.driving import started, stroke
    from segstudio.workflows.sample import sample_project

    studio = started(sample_project(folder, "facade", 12, 0))
    training = studio.window.training
    stalls = Row("longest stall of the event loop in 60 s of training", "ms", 50, "max")
    first = Row("stall when torch is loaded", "ms", 250, "max")
    brush = Row("brush to repaint while training, 40 px", "ms", 16, "p95")
    cancel = Row("control back after Cancel", "s", 1.0, "max")
    beat = [time.perf_counter()]
    learning = [False]

    def tick() -> None:
        now = time.perf_counter()
        gap = (now - beat[0]) * 1000
        (stalls if learning[0] else first).samples.append(gap)
        beat[0] = now

    training.preset = "long"
    training.stepped.connect(lambda _: learning.__setitem__(0, True))
    timer = QTimer()
    timer.timeout.connect(tick)
    timer.start(1)
    training.start()
    until(lambda: learning[0])
    until(lambda: len(training.curves.steps) >= 2)
    stalls.samples.clear()
    end = time.monotonic() + SECONDS
    turn = 0
    while time.monotonic() < end:
        stroke(studio, 40, turn, brush)
        turn += 1
        pause = time.monotonic() + 0.2
        until(lambda pause=pause: time.monotonic() > pause)  # type: ignore[misc]
    timer.stop()
    with cancel.timed(1.0):
        training.stop()
        until(lambda: not training.running)
    studio.close()
    yield first
    yield stalls
    yield brush
    yield cancel
