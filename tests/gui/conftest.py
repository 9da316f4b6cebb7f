"""A project of two pictures, open in a session without a window."""

import cv2
import numpy as np
import pytest

from segstudio.domain.classes import LabelClass, default_colour
from segstudio.domain.edit import Edit, RowChange
from segstudio.domain.records import ImageRecord
from segstudio.domain.stroke import capsule
from segstudio.gui.jobs import JobRunner
from segstudio.gui.loading import PictureLoader
from segstudio.gui.proposing import Proposing
from segstudio.gui.session import Session
from segstudio.store.project import Project, stored_path
from segstudio.store.rasters import Readers

CLASSES = [
    LabelClass(id, name, default_colour(id), position=id)
    for id, name in enumerate(["background", "sign", "window"])
]
SIZES = {1: (530, 700), 2: (200, 300)}
WAIT = 20_000


@pytest.fixture
def walls(tmp_path):
    """The folder of a project of two pictures, dark on the left and bright on the right."""
    project = Project.create(tmp_path / "walls", CLASSES)
    for id, (height, width) in SIZES.items():
        path = tmp_path / f"wall-{id}.png"
        pixels = np.full((height, width, 3), 40, np.uint8)
        pixels[:, width // 2 :] = 200
        cv2.imwrite(str(path), pixels)
        record = ImageRecord(id, stored_path(project.root, path), path.name, width, height)
        project.apply(Edit("Add", rows=(RowChange("images", id, None, record.row()),)))
    project.close()
    return project.root


@pytest.fixture
def jobs(qtbot):
    runner = JobRunner()
    yield runner
    runner.cancel_all()
    qtbot.waitUntil(lambda: not runner.jobs, timeout=WAIT)


@pytest.fixture
def session(jobs, walls):
    session = Session(jobs)
    session.open(Project.open(walls))
    yield session
    session.close()


@pytest.fixture
def open_image(qtbot, session):
    """Open a picture and wait until it is there."""

    def open_image(id):
        with qtbot.waitSignal(session.image_opened, timeout=WAIT):
            session.open_image(id)

    return open_image


@pytest.fixture
def stroke(session):
    """Paint a line into the open picture as a tool would."""

    def stroke(*points, diameter=20, value=1, finish=True):
        assert session.begin_draft()
        for start, end in zip(points, points[1:] or points, strict=False):
            box, region = capsule(start, end, diameter, session.image.box)
            session.paint(box, region, value)
        return session.finish_draft("Brush") if finish else None

    return stroke


@pytest.fixture
def wait_saved(qtbot, session):
    def wait_saved():
        qtbot.waitUntil(lambda: not session.unsaved and not session.turning, timeout=WAIT)

    return wait_saved


@pytest.fixture
def wait_idle(qtbot, session):
    def wait_idle():
        qtbot.waitUntil(
            lambda: not (session.jobs.jobs or session.unsaved or session.turning), timeout=WAIT
        )

    return wait_idle


@pytest.fixture
def readers():
    readers = Readers()
    yield readers
    readers.close()


@pytest.fixture
def proposing(qtbot, session, readers, open_image):
    """What previews and proposes; picture 1 is open, and ready."""
    made = Proposing(session, PictureLoader(session, readers))
    with qtbot.waitSignal(made.ready):
        open_image(1)
    return made


@pytest.fixture
def said(session):
    """What the session says from now on, without its hints."""
    heard = []
    session.said.connect(lambda text, hint: heard.append(text))
    return heard
