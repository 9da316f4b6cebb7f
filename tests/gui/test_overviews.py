"""Overviews in the background: once for each raster, and then shown from them."""

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings

from segstudio.domain.records import ImageRecord
from segstudio.gui import overviews as module
from segstudio.gui.loading import PictureLoader
from segstudio.gui.overviews import LANE, SETTING, Overviews

WAIT = 20_000


@pytest.fixture
def loader(session, readers):
    return PictureLoader(session, readers)


@pytest.fixture
def built(monkeypatch, session, loader, readers):
    """Pretend that all pictures lack overviews; return those that were made."""
    made = []

    def build(path, target, task):
        task.report(0, 2, "Making overviews")
        while made and made[0] == "wait":
            task.report(1, 2, "Making overviews")
            threading.Event().wait(0.01)
        made.append((path.name, target))

    monkeypatch.setattr(module.overviews, "lacking", lambda path, info, kept=None: True)
    monkeypatch.setattr(module.overviews, "target", lambda path, root, hash: Path(f"{path}.ovr"))
    monkeypatch.setattr(module.overviews, "build", build)
    for id, record in list(session.images.items()):
        session.images[id] = ImageRecord.of({**record.row(), "hash": f"ab{id}"})
    monkeypatch.setattr("segstudio.gui.loading.check_unchanged", lambda path, image: None)
    Overviews(session, loader, readers)
    return made


def lane(session):
    return [job for job in session.jobs.jobs if job.lane == LANE]


def test_they_are_made_once_and_the_picture_is_shown_again(
    qtbot, session, loader, built, open_image
):
    shown = []
    loader.picture_ready.connect(lambda picture, display: shown.append(picture))
    open_image(1)
    qtbot.waitUntil(lambda: len(shown) == 2, timeout=WAIT)
    assert [name for name, _ in built] == ["wall-1.png"]
    assert built[0][1].name == "wall-1.png.ovr"
    assert shown[0] is not shown[1]
    qtbot.waitUntil(lambda: loader.complete and not session.jobs.jobs, timeout=WAIT)
    session.close_image()
    open_image(1)
    qtbot.waitUntil(lambda: loader.complete, timeout=WAIT)
    assert len(built) == 1


def test_the_job_can_be_seen_and_cancelled_and_is_not_begun_again(
    qtbot, session, loader, built, open_image
):
    built.append("wait")
    open_image(1)
    qtbot.waitUntil(lambda: bool(lane(session)), timeout=WAIT)
    (job,) = lane(session)
    assert job.title == "Overviews of wall-1.png"
    qtbot.waitUntil(lambda: (job.done, job.total) == (1, 2), timeout=WAIT)
    with qtbot.waitSignal(job.finished, timeout=WAIT):
        job.cancel()
    assert built == ["wait"]
    loader.completed.emit()
    qtbot.wait(50)
    assert not lane(session)


def test_pictures_that_were_left_wait_no_longer(qtbot, session, loader, built, open_image):
    built.append("wait")
    open_image(1)
    qtbot.waitUntil(lambda: bool(lane(session)), timeout=WAIT)
    open_image(2)
    qtbot.waitUntil(lambda: len(lane(session)) == 2, timeout=WAIT)
    open_image(1)
    qtbot.waitUntil(lambda: len(lane(session)) == 1, timeout=WAIT)
    assert lane(session)[0].title == "Overviews of wall-1.png"
    open_image(2)  # it is its turn again
    qtbot.waitUntil(lambda: len(lane(session)) == 2, timeout=WAIT)
    built.clear()
    qtbot.waitUntil(lambda: len(built) == 2 and loader.complete, timeout=WAIT)


def test_none_are_made_where_they_are_not_wanted(qtbot, session, loader, built, open_image):
    QSettings("segstudio", "segstudio").setValue(SETTING, False)
    try:
        with qtbot.waitSignal(loader.completed, timeout=WAIT):
            open_image(1)
        qtbot.wait(50)
        assert not session.jobs.jobs
        assert not built
    finally:
        QSettings("segstudio", "segstudio").setValue(SETTING, True)


def test_none_are_made_where_nothing_can_be_written(
    qtbot, session, loader, built, open_image, monkeypatch
):
    asked = []

    def target(path, root, hash):
        asked.append(path)
        return module.overviews.place_in_project(root, hash)

    monkeypatch.setattr(module.overviews, "target", target)
    monkeypatch.setattr(type(session.project), "writable", property(lambda project: False))
    open_image(1)
    qtbot.waitUntil(lambda: bool(asked), timeout=WAIT)
    qtbot.wait(50)
    assert not built
