"""A project with three small pictures, open in a session without a window."""

import cv2
import numpy as np
import pytest
from PySide6.QtWidgets import QWidget

from segstudio.domain.classes import LabelClass, default_colour
from segstudio.domain.edit import Edit, RowChange
from segstudio.domain.records import ImageRecord
from segstudio.gui.jobs import JobRunner
from segstudio.gui.session import Session
from segstudio.store.project import Project, stored_path
from segstudio.store.rasters import Readers

CLASSES = [
    LabelClass(number, name, default_colour(number), position=number)
    for number, name in enumerate(["background", "sign", "window"])
]


def add_pictures(project, folder, count, height=200, width=400):
    """Write pictures of one colour each, and enter them in the project."""
    for number in range(1, count + 1):
        path = folder / f"facade-{number:02}.png"
        pixels = np.full((height, width, 3), (40 * number) % 256, np.uint8)
        cv2.imwrite(str(path), pixels)
        record = ImageRecord(number, stored_path(project.root, path), path.stem, width, height)
        project.apply(Edit("Add", rows=(RowChange("images", number, None, record.row()),)))


@pytest.fixture
def project(tmp_path):
    project = Project.create(tmp_path / "walls", CLASSES)
    add_pictures(project, tmp_path, 3)
    return project


@pytest.fixture
def session(qtbot, project):
    session = Session(JobRunner())
    session.open(project)
    yield session
    if session.jobs.jobs:
        with qtbot.waitSignal(session.jobs.idle, timeout=10_000):
            pass
    session.close()


@pytest.fixture
def readers():
    readers = Readers()
    yield readers
    readers.close()


@pytest.fixture
def open_image(qtbot, session):
    """Open a picture and wait until it is there."""

    def open_image(id):
        with qtbot.waitSignal(session.image_opened, timeout=10_000):
            session.open_image(id)

    return open_image


@pytest.fixture
def show(qtbot):
    """Show a panel as a part of a window.

    A panel that is itself a window would tell its least size to the screen, about which the
    offscreen platform complains.
    """
    windows = []

    def show(panel, width=280, height=480):
        window = QWidget()
        windows.append(window)
        qtbot.addWidget(window)
        panel.setParent(window)
        window.resize(width, height)
        panel.resize(width, height)
        with qtbot.waitExposed(window):
            window.show()
        return panel

    return show
