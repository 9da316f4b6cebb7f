"""A project of very many pictures: opening it, finding pictures, going from one to the next."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from segstudio.gui.benchmarks import driving
from segstudio.gui.benchmarks.samples import Memory, Row, project, until

if TYPE_CHECKING:
    from PySide6.QtWidgets import QListView

    from segstudio.testing import Studio

PICTURES = 20_000
WIDTH, HEIGHT = 64, 48
RUNS = 7


def measure(folder: Path) -> Iterator[Row]:
    """Yield the rows of a project of 20,000 pictures."""
    yield from rows_of(folder, PICTURES)


def rows_of(folder: Path, count: int) -> Iterator[Row]:
    """Yield the rows of a project of so many pictures."""
    write_pictures(folder / "pictures", count)
    made = project(folder, [folder / "pictures"])
    studio = driving.started()
    memory = Memory()
    try:
        yield _open(studio, made, count)
        yield _filter(studio, count)
        yield _next(studio, count)
        yield _scroll(studio, count)
        yield Row(f"peak memory above the start, {count:,} pictures", "MB", samples=[memory.peak])
    finally:
        studio.close()


def write_pictures(folder: Path, count: int) -> None:
    """Write small JPEG files, no two alike: ``picture-00001.jpg`` …"""
    import cv2

    folder.mkdir(parents=True)
    rng = np.random.default_rng(0)
    for number in range(1, count + 1):
        corners = rng.integers(0, 255, (2, 3, 3), np.uint8)
        pixels = cv2.resize(corners, (WIDTH, HEIGHT), interpolation=cv2.INTER_LINEAR)
        cv2.imwrite(str(folder / f"picture-{number:05d}.jpg"), pixels)


def _open(studio: "Studio", made: Path, count: int) -> Row:
    """Open the project until its list and its first picture are on the screen."""
    row = Row(f"open a project of {count:,} pictures", "s", 1.0)
    session, pixels = studio.session, studio.window.canvas.pixels
    for _ in range(RUNS):
        session.close()
        studio.wait_idle()
        with row.timed(1.0):
            studio.window.files.open(made)
            until(lambda: session.image is not None and pixels.anything)
            studio.window.repaint()
        if _listed(studio) != count:
            raise RuntimeError(f"{_listed(studio)} of {count} pictures are listed")
        studio.wait_idle()
    return row


def _filter(studio: "Studio", count: int) -> Row:
    """Type words into the search field until the list shows what they leave."""
    from PySide6.QtWidgets import QApplication, QLineEdit

    row = Row(f"filter {count:,} pictures", "ms", 50)
    search = studio.window.findChild(QLineEdit, "images_search")
    assert search is not None
    names = [image.name for image in studio.session.images.values()]
    for text in ("7", "77", "777", "-0001", "picture", "1 2", "9999", ""):
        left = sum(all(word in name for word in text.split()) for name in names)
        with row.timed():
            search.setText(text)
            until(lambda left=left: _listed(studio) == left)  # type: ignore[misc]
            _list(studio).viewport().repaint()
            QApplication.processEvents()
    return row


def _next(studio: "Studio", count: int) -> Row:
    """Go to the next picture until it is painted."""
    row = Row(f"next image of {count:,}", "ms", 150)
    session, canvas = studio.session, studio.window.canvas
    for _ in range(30):
        here = session.image
        assert here is not None
        with row.timed():
            studio.window.trigger("next_image")
            until(
                lambda here=here: (  # type: ignore[misc]
                    session.image is not None
                    and session.image.id != here.id
                    and canvas.pixels.anything
                )
            )
            studio.window.repaint()
        studio.wait_idle()
    return row


def _scroll(studio: "Studio", count: int) -> Row:
    """Scroll through the list, at first by thirds of a page, then by pages; every frame counts."""
    from PySide6.QtWidgets import QApplication

    row = Row(f"scroll step in a list of {count:,}", "ms", 16, "p95")
    view = _list(studio)
    bar = view.verticalScrollBar()
    for step in range(120):
        with row.timed():
            bar.setValue(bar.value() + (bar.pageStep() if step >= 60 else bar.pageStep() // 3))
            view.viewport().repaint()
        QApplication.processEvents()
    return row


def _list(studio: "Studio") -> "QListView":
    from PySide6.QtWidgets import QListView

    view = studio.window.findChild(QListView, "images_list")
    assert view is not None
    return view


def _listed(studio: "Studio") -> int:
    return _list(studio).model().rowCount()
