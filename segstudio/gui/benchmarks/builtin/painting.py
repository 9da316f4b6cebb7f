"""Brush, saving, undo, zoom, memory, on pictures that are decoded whole."""

from collections.abc import Iterator
from pathlib import Path

from segstudio.gui.benchmarks import driving
from segstudio.gui.benchmarks.samples import Memory, Row, picture, project

SIZES = ((4000, 3000, ".jpg"), (12000, 9000, ".png"))


def measure(folder: Path) -> Iterator[Row]:
    """Yield the rows of both sizes of picture."""
    for width, height, suffix in SIZES:
        yield from _measure(folder / suffix[1:], width, height, suffix)


def _measure(folder: Path, width: int, height: int, suffix: str) -> Iterator[Row]:
    size = f"{width}x{height}"
    made = project(folder, [picture(folder, width, height, suffix)])
    studio = driving.started()
    memory = Memory()
    try:
        driving.opened(studio, made)
        yield driving.strokes_held(studio, size)
        yield from driving.painting(studio, size)
        yield from driving.looking(studio, size)
        yield Row(f"peak memory above the start, {size}", "MB", samples=[memory.peak])
    finally:
        studio.close()
