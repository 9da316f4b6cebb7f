"""From nothing to the window, from a click to the picture."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from segstudio.gui.benchmarks import driving
from segstudio.gui.benchmarks.samples import Row, picture, project

RUNS = 7

_SHOW = """
import sys
from segstudio.gui.app import application, dressed
from segstudio.gui.main_window import MainWindow
app = application()
dressed(app)
window = MainWindow()
window.show()
while not window.windowHandle().isExposed():
    app.processEvents()
window.repaint()
app.processEvents()
heavy = sorted({"torch", "sklearn", "pyqtgraph", "onnxruntime"} & set(sys.modules))
print("shown", *heavy, flush=True)
import os
os._exit(0)
"""


def measure(folder: Path) -> Iterator[Row]:
    """Yield start of the window, and the time to the first paint of pictures."""
    yield _start()
    yield _first_paint(folder, 4000, 3000, ".jpg", 150)
    yield _first_paint(folder, 12000, 9000, ".png", 2500)


def _start() -> Row:
    row = Row("window shown and answering", "s", 1.0)
    for _ in range(RUNS + 1):
        began = time.perf_counter()
        child = subprocess.run(
            [sys.executable, "-c", _SHOW], capture_output=True, text=True, check=True
        )
        row.samples.append(time.perf_counter() - began)
        if child.stdout.split() != ["shown"]:
            raise RuntimeError(f"the first window imports {child.stdout.split()[1:]}")
    del row.samples[0]  # the disk was cold
    return row


def _first_paint(folder: Path, width: int, height: int, suffix: str, goal: float) -> Row:
    row = Row(f"open {width}x{height}{suffix} to first paint", "ms", goal)
    place = folder / f"open{width}"
    place.mkdir()
    big = picture(place, width, height, suffix)
    small = picture(place, 320, 240, ".png")
    studio = driving.started(project(place, [big, small]))
    try:
        image = next(i.id for i in studio.session.images.values() if i.name == big.name)
        driving.first_paint(studio, image, row, lambda: studio.open(small.name))
    finally:
        studio.close()
    return row
