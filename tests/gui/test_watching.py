"""Watched folders: what comes into them comes into the project, once."""

import json

import cv2
import numpy as np
import pytest

from segstudio.gui import watching as module
from segstudio.gui.dialogs.ask import ScriptedAsker
from segstudio.gui.files import Files
from segstudio.gui.watching import LEFT_OUT, WATCHED, Watching
from segstudio.store.project import Project

WAIT = 20_000


def picture(path, value=90, whole=True):
    data = cv2.imencode(".png", np.full((60, 80, 3), value, np.uint8))[1].tobytes()
    path.write_bytes(data if whole else data[: len(data) // 2])
    return path


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(module, "STILL", 30)
    monkeypatch.setattr(module, "RETRY", 60)


@pytest.fixture
def camera(tmp_path):
    folder = tmp_path / "camera"
    folder.mkdir()
    return folder


@pytest.fixture
def ask():
    return ScriptedAsker()


@pytest.fixture
def watching(session, ask, wait_idle):
    made = Watching(session, Files(session, ask), ask)
    made._begin()
    wait_idle()
    return made


@pytest.fixture
def stored(session):
    """Return a fact of the project, once all that was sent to the store is there."""

    def stored(name):
        session.project.writer.settle()
        return json.loads(session.project.fact(name))

    return stored


@pytest.fixture
def names(session):
    return lambda: sorted(image.name for image in session.images.values())


@pytest.fixture
def until(qtbot, session):
    def until(test):
        qtbot.waitUntil(
            lambda: bool(test()) and not (session.jobs.jobs or session.unsaved or session.turning),
            timeout=WAIT,
        )

    return until


@pytest.fixture
def look_twice(qtbot, watching):
    """Look through the folders until a file that is there would have counted as complete."""

    def look_twice():
        for _ in range(2):
            with qtbot.waitSignal(watching.looked, timeout=WAIT):
                watching.look()

    return look_twice


OLD = ["wall-1.png", "wall-2.png"]


def test_new_pictures_come_in_as_one_change(session, watching, camera, names, until):
    done = session.history.done
    watching.watch([camera])
    until(lambda: True)
    picture(camera / "a.png")
    picture(camera / "b.png")
    until(lambda: names() == ["a.png", "b.png", *OLD])
    assert session.history.done == done + 1


def test_pictures_in_folders_that_are_made_later_come_too(watching, camera, names, until):
    watching.watch([camera])
    until(lambda: True)
    (camera / "day").mkdir()
    until(lambda: str(camera / "day") in watching._watcher.directories())
    picture(camera / "day" / "c.png")
    until(lambda: names() == ["c.png", *OLD])


def test_what_undo_takes_out_stays_out(session, watching, camera, names, until, look_twice, stored):
    picture(camera / "a.png")
    watching.watch([camera])
    until(lambda: "a.png" in names())
    session.undo()
    until(lambda: names() == OLD)
    look_twice()
    until(lambda: names() == OLD)
    assert stored(LEFT_OUT) == ["../camera/a.png"]
    picture(camera / "b.png")
    until(lambda: names() == ["b.png", *OLD])


def test_redo_takes_it_off_the_list_again(session, watching, camera, names, until, stored):
    picture(camera / "a.png")
    watching.watch([camera])
    until(lambda: "a.png" in names())
    session.undo()
    until(lambda: names() == OLD)
    session.redo()
    until(lambda: names() == ["a.png", *OLD])
    assert stored(LEFT_OUT) == []


def test_a_file_that_grows_is_waited_for(qtbot, watching, camera, names, said, until):
    def look():
        with qtbot.waitSignal(watching.looked, timeout=WAIT):
            watching.look()
        until(lambda: True)

    watching._soon.setInterval(600_000)  # looks only when it is told to
    watching.watch([camera])
    until(lambda: True)
    file = picture(camera / "a.png", whole=False)
    look()
    picture(file)
    look()
    assert names() == OLD  # it has just grown
    look()
    assert names() == ["a.png", *OLD]
    assert said == []


def test_what_cannot_be_opened_is_said_once_until_it_changes(
    watching, camera, names, until, look_twice, said
):
    file = picture(camera / "a.png", whole=False)
    watching.watch([camera])
    until(lambda: said)
    look_twice()
    until(lambda: True)
    assert len(said) == 1
    assert "a.png" in said[0]
    assert str(file) in watching._watcher.files()
    picture(file)
    until(lambda: "a.png" in names())


def test_a_folder_that_is_gone_is_said_once(watching, camera, names, until, look_twice, said):
    watching.watch([camera])
    until(lambda: True)
    camera.rmdir()
    until(lambda: said)
    look_twice()
    assert said == ["the watched folder camera is not there"]
    camera.mkdir()
    picture(camera / "a.png")
    until(lambda: "a.png" in names())
    assert said == ["the watched folder camera is not there"]


def test_the_project_remembers_the_folders(session, watching, camera, names, until, walls, stored):
    watching.watch([camera])
    until(lambda: True)
    assert stored(WATCHED) == ["../camera"]
    session.close()
    picture(camera / "while-it-was-closed.png")
    session.open(Project.open(walls))
    until(lambda: "while-it-was-closed.png" in names())
    assert watching.folders == [camera]
    watching.stop()
    until(lambda: True)
    assert stored(WATCHED) == []
    assert not watching._watcher.directories()


def test_the_folder_of_the_open_picture_is_switched_on_and_off(
    watching, session, open_image, until, walls, camera, ask
):
    open_image(1)
    assert not watching.watches_here
    watching.toggle_here()
    assert watching.watches_here
    assert watching.folders == [walls.parent]
    ask.answer("open_folder", camera, None)
    watching.watch_other()
    assert watching.folders == [walls.parent, camera]
    watching.watch_other()
    watching.toggle_here()
    assert watching.folders == [camera]
    assert not watching.watches_here
    until(lambda: True)


def test_a_project_for_reading_only_is_left_alone(session, watching, camera, walls, until):
    session.close()
    session.open(Project.open(walls, write=False))
    watching.watch([camera])
    until(lambda: True)
    assert watching.folders == []
    assert not watching._watcher.directories()


def test_paths_lead_to_the_same_folders_from_another_place(
    session, watching, camera, names, until, tmp_path, stored
):
    picture(camera / "a.png")
    watching.watch([camera])
    until(lambda: "a.png" in names())
    session.undo()
    until(lambda: names() == OLD)
    old = session.project.root
    (tmp_path / "deep").mkdir()
    session.project.save_copy(tmp_path / "deep" / "copy")
    session.project_moved(old)
    until(lambda: True)
    assert stored(WATCHED) == ["../../camera"]
    assert stored(LEFT_OUT) == ["../../camera/a.png"]
    assert names() == OLD
