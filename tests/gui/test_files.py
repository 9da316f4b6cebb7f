"""Opening and filling projects, as the menu asks for it."""

import sqlite3
import threading

import cv2
import numpy as np
import pytest

from segstudio.domain.classes import parse_class
from segstudio.domain.records import State
from segstudio.domain.task import Quiet
from segstudio.gui.dialogs.ask import Asker, ScriptedAsker
from segstudio.gui.files import Files
from segstudio.store.project import Project
from segstudio.workflows.add import plan_add

WAIT = 20_000


@pytest.fixture
def files(session):
    return Files(session, Asker())


@pytest.fixture
def folders(tmp_path):
    """Two folders of two pictures each."""
    made = []
    for place, name in enumerate(("doors", "roofs")):
        folder = tmp_path / name
        folder.mkdir()
        for number in range(2):
            pixels = np.full((20, 30, 3), 100 * place + 20 * number, np.uint8)
            cv2.imwrite(str(folder / f"{name}-{number}.png"), pixels)
        made.append(folder)
    return made


def names(images):
    return [image.name for image in images]


def test_pictures_added_one_folder_after_the_other_do_not_take_each_others_place(
    session, files, folders, wait_idle
):
    gate = threading.Event()
    session.project.change(lambda connection: gate.wait(WAIT))
    for folder in folders:
        files.add([folder])
    threading.Timer(0.5, gate.set).start()
    wait_idle()
    wanted = ["wall-1.png", "wall-2.png", "doors-0.png", "doors-1.png", "roofs-0.png"]
    assert names(session.project.images()) == [*wanted, "roofs-1.png"]
    assert names(session.images.values()) == names(session.project.images())


def test_a_plan_whose_numbers_were_taken_meanwhile_is_not_carried_out(
    qtbot, session, files, folders, wait_idle
):
    first, second = (plan_add(session.project, [folder], Quiet()) for folder in folders)
    files._added(first)
    with qtbot.waitSignal(session.said, timeout=WAIT):
        files._added(second)
    wait_idle()
    assert names(session.project.images())[2:] == ["doors-0.png", "doors-1.png"]


def test_opening_the_project_that_is_open_leaves_it_writable(session, files, walls, wait_idle):
    project = session.project
    files.open(walls)
    files.open(walls / "masks")
    wait_idle()
    assert session.project is project
    assert project.writable


def test_another_project_is_opened(qtbot, session, files, tmp_path, wait_idle):
    root = tmp_path / "other.segstudio"
    Project.create(root, [parse_class("a", 0)]).close()
    with qtbot.waitSignal(session.project_changed, timeout=WAIT):
        files.open(root)
    assert session.project.root == root
    wait_idle()


def test_a_project_that_goes_on_elsewhere_still_finds_its_pictures(
    qtbot, session, files, open_image, stroke, wait_saved, tmp_path
):
    open_image(1)
    stroke((10, 10), (30, 10))
    wait_saved()
    (tmp_path / "far" / "away").mkdir(parents=True)
    files._ask.save_file = lambda *_: tmp_path / "far" / "away" / "walls.segstudio"
    with qtbot.waitSignal(session.project_changed, timeout=WAIT):
        files.save_elsewhere()
    project = session.project

    def found():
        images = [session.image, *session.images.values(), *project.images()]
        return all(project.path_of(image).is_file() for image in images)

    assert project.root.parent == tmp_path / "far" / "away"
    assert files.recent()[0] == str(project.root)
    assert found()
    session.undo()
    wait_saved()
    assert found()
    session.set_image([1, 2], "Mark reviewed", state=State.REVIEWED)
    wait_saved()
    assert found()


def test_masks_that_are_saved_when_idle_keep_no_image_from_opening(
    session, files, open_image, monkeypatch, wait_idle
):
    gate = threading.Event()
    monkeypatch.setattr("segstudio.store.mirror.write_mirror", lambda *_: gate.wait(20))
    files._save_when_idle()
    open_image(2)
    assert [job.title for job in session.jobs.jobs] == ["Saving masks"]
    gate.set()
    wait_idle()


@pytest.fixture
def full(qtbot, session, open_image, stroke):
    """Strokes that the disk refuses."""
    open_image(1)
    writer = session.project.writer
    with writer._swap:
        pages = writer._connection.execute("PRAGMA page_count").fetchone()[0]
        writer._connection.execute(f"PRAGMA max_page_count = {pages}")
    for y in range(0, 500, 5):
        stroke((10, y), (400, y + 3), diameter=2)
    qtbot.waitUntil(lambda: writer.stalled is not None, timeout=WAIT)


def test_who_leaves_what_the_disk_refuses_is_asked(session, full, tmp_path, caplog):
    ask = ScriptedAsker()
    ask.answer("confirm", False)
    files = Files(session, ask)
    project, other = session.project, Project.create(tmp_path / "other", session.classes)
    files.show(other)
    assert session.project is project
    assert session.unsaved
    assert not other.writable
    ask.answer("confirm", True)
    files.show(Project.open(tmp_path / "other.segstudio"))
    assert session.project.root == tmp_path / "other.segstudio"


def test_a_disk_that_is_full_in_the_end_keeps_nobody_from_closing(
    session, files, open_image, stroke, monkeypatch, caplog
):
    def refuse(project, task):
        def work(connection):
            raise sqlite3.OperationalError("database or disk is full")

        project.change(work).result(timeout=5)

    open_image(1)
    stroke((10, 10), (30, 10))
    assert files.may_leave()
    monkeypatch.setattr("segstudio.store.mirror.write_mirror", refuse)
    files.save_and_close()
    assert session.project is None
    assert "were not mirrored" in caplog.text


def test_a_cancelled_add_keeps_what_came_in(qtbot, session, files, folders, wait_idle, monkeypatch):
    from segstudio.workflows import add as module

    looked, there, go_on = [], threading.Event(), threading.Event()
    check = module.check

    def slow(path):
        looked.append(path)
        if len(looked) == 3:
            there.set()
            go_on.wait(20)
        return check(path)

    said = []
    session.said.connect(lambda text, hint: said.append(text))
    monkeypatch.setattr(module, "check", slow)
    job = files.add(folders)
    qtbot.waitUntil(there.is_set, timeout=WAIT)
    job.cancel()
    go_on.set()
    wait_idle()
    qtbot.waitUntil(lambda: any("adding was stopped" in text for text in said), timeout=WAIT)
    qtbot.waitUntil(lambda: session.unsaved == 0, timeout=WAIT)
    added = names(session.images.values())[2:]
    assert added == ["doors-0.png", "doors-1.png", "roofs-0.png"][: len(added)]
    assert added
    assert "roofs-1.png" not in added
    assert names(session.project.images())[2:] == added
    session.undo()
    qtbot.waitUntil(lambda: session.unsaved == 0, timeout=WAIT)
    assert len(session.images) == 2
