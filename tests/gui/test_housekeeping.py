"""Clearing and removing pictures from the window."""

import threading

import pytest

from segstudio.domain.records import State
from segstudio.domain.tiles import Layer
from segstudio.gui.dialogs.ask import ScriptedAsker
from segstudio.gui.housekeeping import Housekeeping

WAIT = 20_000


@pytest.fixture
def ask():
    return ScriptedAsker()


@pytest.fixture
def housekeeping(session, ask):
    return Housekeeping(session, ask)


@pytest.fixture
def painted(session, open_image, stroke, wait_saved):
    """The project with a stroke in both pictures; the first one is open."""
    for id in (2, 1):
        open_image(id)
        stroke((40, 40), (120, 90))
    wait_saved()
    return session


def tiles(session):
    session.project.writer.settle()
    read = session.project.reading().execute
    return sorted(tuple(row) for row in read("SELECT * FROM tiles"))


def test_clears_the_open_picture_and_others_as_one_change(painted, housekeeping, ask, wait_idle):
    session, before = painted, tiles(painted)
    done = session.history.done
    ask.answer("confirm", True)
    assert housekeeping.clear([1, 2]) is not None
    wait_idle()
    assert tiles(session) == []
    assert not len(session.layers.mask)
    assert {image.state for image in session.images.values()} == {State.UNLABELLED}
    assert session.history.done == done + 1

    session.undo()
    wait_idle()
    assert tiles(session) == before
    assert len(session.layers.mask)
    assert {image.state for image in session.images.values()} == {State.IN_WORK}
    session.redo()
    wait_idle()
    assert tiles(session) == []


def test_says_how_many_and_does_nothing_without_a_yes(painted, housekeeping, ask):
    before = tiles(painted)
    ask.answer("confirm", False, False)
    assert housekeeping.clear([1, 2]) is None
    assert housekeeping.remove([2]) is None
    titles = [about[0] for _, about in ask.asked]
    assert titles == [
        "Clear the labels of 2 pictures?", "Remove wall-2.png from the project?",
    ]  # fmt: skip
    assert tiles(painted) == before
    assert housekeeping.clear([]) is None


def test_removes_the_open_picture_and_undo_brings_it_back(
    painted, housekeeping, ask, wait_idle, open_image
):
    session, before = painted, tiles(painted)
    record = session.images[1]
    ask.answer("confirm", True)
    housekeeping.remove([1])
    wait_idle()
    assert set(session.images) == {2}
    assert session.image is None
    assert session.project.path_of(record).exists()
    session.undo()
    wait_idle()
    assert tiles(session) == before
    assert session.images[1] == record
    if session.image is None:
        open_image(1)
    assert len(session.layers.mask)


def test_a_stroke_of_that_moment_is_cleared_too(
    painted, housekeeping, ask, wait_idle, stroke, monkeypatch
):
    from segstudio.workflows import clear as workflow

    session, gate, began = painted, threading.Event(), threading.Event()
    real, plans = workflow.plan_clear, []

    def late(project, images, task):
        plans.append(len(images))
        edit = real(project, images, task)
        if len(plans) == 1:
            began.set()
            gate.wait(20)
        return edit

    monkeypatch.setattr(workflow, "plan_clear", late)
    ask.answer("confirm", True)
    housekeeping.clear([1, 2])
    assert began.wait(20)
    stroke((600, 500), (650, 520))  # in a tile that had nothing when it was planned
    gate.set()
    wait_idle()
    assert plans == [2, 2]
    assert tiles(session) == []
    staged = session.project.reading().execute("SELECT COUNT(*) FROM staged").fetchone()
    assert staged[0] == 0
    assert session.images[1].state == State.UNLABELLED


def test_changes_of_other_pictures_do_not_hold_it_up(painted, housekeeping, ask, wait_idle, stroke):
    ask.answer("confirm", True)
    job = housekeeping.clear([2])
    assert stroke((600, 500), (650, 520)) is not None
    assert job is not None
    wait_idle()
    assert {row[0] for row in tiles(painted)} == {1}
    assert painted.history.entries[-1].text == "Clear wall-2.png"


def test_nothing_is_cleared_when_it_is_cancelled(painted, housekeeping, ask, wait_idle):
    before, done = tiles(painted), painted.history.done
    ask.answer("confirm", True)
    housekeeping.clear([1, 2]).cancel()
    wait_idle()
    assert tiles(painted) == before
    assert painted.history.done == done
    assert painted.layers[Layer.MASK].present() is not None
