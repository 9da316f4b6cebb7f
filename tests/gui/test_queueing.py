"""The queue in the window, without its panel."""

import threading

import pytest

from segstudio.domain.edit import Edit, RowChange
from segstudio.domain.records import QueueItem, Split, State
from segstudio.gui import queueing as module
from segstudio.gui.models import Models
from segstudio.gui.queueing import Queueing
from segstudio.gui.stage import Stage

WAIT = 20_000


@pytest.fixture
def queueing(qtbot, session, readers, open_image, wait_idle):
    """The queue of a project whose first picture is open, with a model in use."""
    stage = Stage(session, readers)
    qtbot.addWidget(stage)
    models = Models(session)
    made = Queueing(session, models, stage)
    with qtbot.waitSignal(stage.loader.picture_ready, timeout=WAIT):
        open_image(1)
    wait_idle()
    models.current = object()
    yield made
    session.close_image()  # before the readers are gone


def test_a_measurement_that_was_given_up_does_not_end_the_next(
    qtbot, queueing, monkeypatch, wait_idle
):
    gate = threading.Event()
    monkeypatch.setattr("segstudio.workflows.models.in_use", lambda project: gate.wait(20))
    monkeypatch.setattr(module, "doubt_of", lambda *_: None)
    first = queueing.measure()
    queueing._forget_doubt()
    second = queueing.measure()
    assert second is not first
    with qtbot.waitSignal(first.finished, timeout=WAIT):
        pass
    assert queueing.measure() is second
    queueing._forget_doubt()
    gate.set()
    wait_idle()


@pytest.fixture
def ranked(queueing, session):
    """The queue with both pictures in it."""
    queueing._show([QueueItem(1, 0.9, "mean_entropy"), QueueItem(2, 0.5, "mean_entropy")])
    return queueing


def listed(queueing):
    return [item.image for item in queueing.items]


def test_what_is_labelled_leaves_and_undo_brings_it_back(ranked, session, wait_saved):
    session.set_image([1], "Work", state=State.IN_WORK)
    assert listed(ranked) == [2]
    session.set_image([2], "Review", state=State.REVIEWED)
    assert listed(ranked) == []
    session.undo()
    session.undo()
    wait_saved()
    assert listed(ranked) == [1, 2]


def test_other_changes_leave_the_queue_alone(qtbot, ranked, session, wait_saved):
    with qtbot.assertNotEmitted(ranked.changed):
        session.set_image([1, 2], "Use", split=Split.TRAIN)
        session.set_image([1], "Propose", state=State.PROPOSED)
    wait_saved()
    assert listed(ranked) == [1, 2]


def test_who_gets_the_number_of_a_removed_picture_is_not_in_the_queue(ranked, session, wait_saved):
    row = session.images[2].row()
    session.apply(Edit("Remove", rows=(RowChange("images", 2, row, None),)))
    assert listed(ranked) == [1]
    other = {**row, "path": "../other.png", "name": "other.png"}
    session.apply(Edit("Add", rows=(RowChange("images", 2, None, other),)))
    assert listed(ranked) == [1]
    wait_saved()


def test_an_edit_costs_nothing_in_a_long_queue(ranked, session, monkeypatch, wait_saved):
    ranked._show([QueueItem(1, 0.5, "mean_entropy")] * 20_000)
    monkeypatch.setattr(ranked, "_gather", lambda: pytest.fail("the whole queue was gone through"))
    session.set_image([2], "Review", state=State.REVIEWED)
    session.set_image([1], "Propose", state=State.PROPOSED)
    wait_saved()
