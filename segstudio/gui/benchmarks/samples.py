"""What is measured, and what it is measured on."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

CLASSES = ("background", "sign", "window")


@dataclass
class Row:
    """One figure of the table: its samples, and the goal for their ``statistic``."""

    name: str
    unit: str
    goal: float | None = None
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


def project(folder: Path, pictures: Sequence[Path]) -> Path:
    """Make a project of pictures, which stay where they are; return its folder."""
    from segstudio.domain.classes import LabelClass, default_colour
    from segstudio.domain.task import Quiet
    from segstudio.store.project import Project
    from segstudio.workflows.add import plan_add

    classes = [LabelClass(i, n, default_colour(i), position=i) for i, n in enumerate(CLASSES)]
    made = Project.create(folder / "bench", classes)
    try:
        planned = plan_add(made, pictures, Quiet())
        if planned.failed:
            raise RuntimeError(f"{planned.failed[0].path}: {planned.failed[0].reason}")
        made.apply(planned.edit)
    finally:
        made.close()
    return made.root


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


class Memory:
    """The bytes that this process holds now, and the most it has held since this was made."""

    def __init__(self) -> None:
        try:
            with open("/proc/self/clear_refs", "w") as file:
                file.write("5")  # begins the highest mark anew
        except OSError:
            pass  # the mark is then that of the whole process, an upper bound
        self._start = resident()

    @property
    def more(self) -> float:
        """Megabytes held now, above those at the start."""
        return (resident() - self._start) / 1e6

    @property
    def peak(self) -> float:
        """Megabytes held at most, above those at the start."""
        return (_highest() - self._start) / 1e6


def resident() -> int:
    """Return the bytes of memory that this process holds."""
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return _highest()


def _highest() -> int:
    try:
        with open("/proc/self/status") as file:
            found = next(line for line in file if line.startswith("VmHWM:"))
        return int(found.split()[1]) * 1024
    except (OSError, StopIteration):
        import resource
        import sys

        unit = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
