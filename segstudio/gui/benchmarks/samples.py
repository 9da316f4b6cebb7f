"""What is measured, and what it is measured on."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np


@dataclass
class Row:
    """One figure of the table: its samples, and the goal for their ``statistic``."""

    name: str
    unit: str
    goal: float
    statistic: str = "median"
    samples: list[float] = field(default_factory=list)

    @contextmanager
    def timed(self, scale: float = 1000.0) -> Iterator[None]:
        """Take the time of what happens inside as a sample, in milliseconds."""
        began = time.perf_counter()
        yield
        self.samples.append((time.perf_counter() - began) * scale)

    def values(self) -> dict[str, Any]:
        return asdict(self)


def picture(folder: Path, width: int, height: int, suffix: str) -> Path:
    """Write a picture of soft colours and fine grain; return its file."""
    import cv2

    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(0)
    small = rng.integers(0, 255, (height // 50, width // 50, 3), np.uint8)
    pixels = cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)
    grain = rng.integers(-6, 7, (512, 512, 1), np.int8).astype(np.int16)
    for top in range(0, height, 512):
        band = pixels[top : top + 512].astype(np.int16)
        band += np.tile(grain, (1, -(-width // 512), 1))[: len(band), :width]
        pixels[top : top + 512] = np.clip(band, 0, 255)
    file = folder / f"{width}x{height}{suffix}"
    cv2.imwrite(str(file), pixels)
    return file


def until(test: Callable[[], bool], seconds: float = 120.0) -> None:
    """Run the event loop until a condition holds."""
    from PySide6.QtCore import QEventLoop, QTimer
    from PySide6.QtWidgets import QApplication

    timer = QTimer()
    timer.start(5)
    end = time.monotonic() + seconds
    while not test():
        if time.monotonic() > end:
            raise TimeoutError(f"waited {seconds:g} s in vain")
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
