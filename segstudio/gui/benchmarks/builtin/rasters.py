"""A raster far beyond memory: first picture, looking around, painting, memory.

The raster is that of ``tests/figures/raster.py``, made anew unless SEGSTUDIO_RASTER names one.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from segstudio.errors import UserError
from segstudio.gui.benchmarks import driving
from segstudio.gui.benchmarks.samples import Memory, Row, project

if TYPE_CHECKING:
    from segstudio.testing import Studio

GIVEN = "SEGSTUDIO_RASTER"
"""The variable of the environment that may name a raster."""

SIZE = 30_000
ROOM = 4 << 30
"""Bytes that such a raster takes on the disk with its overviews, and some more."""


def measure(folder: Path) -> Iterator[Row]:
    """Yield the rows of one raster."""
    given = os.environ.get(GIVEN)
    file = Path(given) if given else _made(folder)
    made = project(folder, [file])
    studio = driving.started()
    memory = Memory()
    try:
        driving.opened(studio, made)
        image = studio.session.image
        assert image is not None
        size = f"{image.width}x{image.height}"
        first = Row(f"first picture, {size}", "ms", 500)
        driving.first_paint(studio, image.id, first, studio.session.close_image)
        yield first
        yield _cold(studio, size)
        yield from driving.looking(studio, size)
        yield driving.strokes_held(studio, size)
        yield from driving.painting(studio, size)
        yield Row(f"peak memory above the start, {size}", "MB", 500, samples=[memory.peak])
    finally:
        studio.close()


def _made(folder: Path) -> Path:
    from segstudio.scenes.country import Country
    from segstudio.scenes.geotiff import write_country

    free = shutil.disk_usage(folder).free
    if free < ROOM:
        raise UserError(
            f"there are {free >> 20} MB of room where {ROOM >> 20} are needed",
            f"make room, or name a raster in {GIVEN}",
        )
    file = folder / "country.tif"
    write_country(Country(SIZE), file, overviews=True)
    return file


def _cold(studio: "Studio", size: str) -> Row:
    """Jump to places that were never looked at, at 100 %; return the row of it."""
    row = Row(f"cold viewport at 100 %, {size}", "ms")
    image, canvas = studio.session.image, studio.window.canvas
    assert image is not None
    studio.window.stage.zoom_full()
    places = np.random.default_rng(0).random((9, 2)) * 0.8 + 0.1
    for across, down in places:
        driving.settle(studio)
        with row.timed():
            canvas.view.centre_on((across * image.width, down * image.height))
            canvas.changed_view()
            driving.settle(studio)
    return row
