"""The queue in the window, without its panel."""

import threading

import numpy as np
import pytest
from PySide6.QtCore import QTimer

from segstudio.domain import states
from segstudio.domain.edit import Edit, RowChange, TileChange
from segstudio.domain.geometry import Box
from segstudio.domain.records import QueueItem, Split, State
from segstudio.domain.tiles import Layer, Packed, blank
from segstudio.errors import Failure
from segstudio.gui.queue_choice import QueueChoice
from segstudio.gui.queueing import Queueing
from segstudio.gui.stage import Stage
from segstudio.store.regions import pass_over, passed
from segstudio.workflows import queue as module
from segstudio.workflows import rank as ranking
from segstudio.workflows.rank import Ranking
from segstudio.workflows.strategies.strategy import strategies

WAIT = 20_000
CORNER, MIDDLE, FAR = Box(0, 0, 128, 128), Box(128, 256, 256, 384), Box(0, 0, 100, 100)


@pytest.fixture
def queueing(qtbot, session, readers, open_image, wait_idle):
    """The queue of a project whose first picture is open."""
    stage = Stage(session, readers)
    stage.canvas.view.resize(600, 400)
    qtbot.addWidget(stage)
    made = Queueing(session, stage)
    made.stage = stage
    with qtbot.waitSignal(stage.loader.picture_ready, timeout=WAIT):
        open_image(1)
    wait_idle()
    yield made
    session.close_image()  # before the readers are gone


def fill(queueing, items):
    """Let the queue be as if it had been ordered so, with nothing labelled."""
    queueing._show((list(items), [False] * len(items)))


@pytest.fixture
def ranked(queueing, session):
    """The queue with both pictures in it."""
    fill(queueing, [QueueItem(1, 0.9, "mean_entropy"), QueueItem(2, 0.5, "mean_entropy")])
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
    fill(ranked, [QueueItem(1, 0.5, "mean_entropy")] * 20_000)
    monkeypatch.setattr(ranked, "_gather", lambda: pytest.fail("the whole queue was gone through"))
    session.set_image([2], "Review", state=State.REVIEWED)
    session.set_image([1], "Propose", state=State.PROPOSED)
    wait_saved()


@pytest.fixture
def regional(queueing):
    """Two regions of the open picture, one of the other."""
    fill(queueing, [QueueItem(1, 0.9, "margin", CORNER), QueueItem(1, 0.8, "margin", MIDDLE),
                    QueueItem(2, 0.7, "margin", FAR)])  # fmt: skip
    return queueing


@pytest.fixture
def wait_written(session, wait_idle):
    """Wait until the store has written what it was told."""

    def wait_written():
        wait_idle()
        session.project.writer.settle()

    return wait_written


def places(queueing):
    return [(item.image, item.box) for item in queueing.items]


def test_a_region_marks_itself_done_when_half_of_it_is_labelled(
    qtbot, regional, stroke, session, wait_saved
):
    heard = []
    regional.settled.connect(lambda item, done: heard.append((item.box, done)))
    regional.next_item()
    assert regional.current.box == CORNER
    stroke((20, 64), (108, 64), diameter=40)
    qtbot.waitUntil(lambda: regional.share > 0.2, timeout=WAIT)
    assert not regional.is_done(regional.current)
    stroke((20, 64), (108, 64), diameter=120)
    qtbot.waitUntil(lambda: regional.is_done(regional.current), timeout=WAIT)
    assert places(regional) == [(1, MIDDLE), (2, FAR)]
    assert [item.box for item in regional.listed] == [CORNER, MIDDLE, FAR]  # in hand, it stays
    session.undo()
    qtbot.waitUntil(lambda: not regional.is_done(regional.current), timeout=WAIT)
    assert heard == [(CORNER, True), (CORNER, False)]
    wait_saved()


def test_next_goes_from_region_to_region_and_brings_each_into_sight(
    qtbot, regional, session, wait_idle
):
    view = regional.stage.canvas.view
    for box in (CORNER, MIDDLE):
        regional.next_item()
        assert regional.current.box == box
        middle = view.to_view((box.left + box.right) / 2, (box.top + box.bottom) / 2)
        assert abs(middle.x() - view.size.width() / 2) < 1
        assert view.zoom > 1
    with qtbot.waitSignal(session.image_opened, timeout=WAIT):
        regional.next_item()
    assert session.image.id == 2
    assert regional.current.box == FAR
    wait_idle()
    session.open_image(1)
    qtbot.waitUntil(lambda: regional.current is None, timeout=WAIT)


def test_skipping_puts_a_region_behind_all_others(regional, session, wait_written):
    regional.next_item()
    regional.skip()
    assert regional.current.box == MIDDLE
    assert places(regional) == [(1, MIDDLE), (2, FAR), (1, CORNER)]
    wait_written()
    assert [item.box for item in session.project.queue()] == [MIDDLE, FAR, CORNER]


def test_never_asked_for_is_out_of_the_queue_for_good(regional, session, wait_written):
    regional.next_item()
    regional.never_ask()
    assert places(regional) == [(1, MIDDLE), (2, FAR)]
    wait_written()
    assert passed(session.project) == {1: [CORNER]}
    regional.ask_again()
    wait_written()
    assert passed(session.project) == {}


def test_a_new_order_leaves_the_item_in_hand_where_it_is(qtbot, regional, monkeypatch, wait_idle):
    fresh = [QueueItem(2, 1.0, "margin", FAR), QueueItem(1, 0.9, "margin", Box(0, 128, 128, 256)),
             QueueItem(1, 0.1, "margin", CORNER)]  # fmt: skip
    monkeypatch.setattr(ranking, "rank", lambda *_, **__: Ranking("margin", fresh, notes=["so"]))
    regional.next_item()
    regional.next_item()
    here, view = regional.current, regional.stage.canvas.view
    place = view.origin
    with qtbot.waitSignal(regional.ranked, timeout=WAIT):
        regional.refresh()
    assert regional.current == here
    assert regional.listed.index(here) == 1
    assert [item.box for item in regional.listed] == [FAR, MIDDLE, Box(0, 128, 128, 256), CORNER]
    assert view.origin == place
    assert regional.ordering.notes == ["so"]
    wait_idle()


@pytest.fixture
def ordered(qtbot, regional, monkeypatch, wait_idle):
    """Orders anew; ``meanwhile`` happens when the model has been asked already."""

    def ordered(items, meanwhile=lambda: None):
        asked, go_on = threading.Event(), threading.Event()

        def rank(*_, **__):
            asked.set()
            assert go_on.wait(20)
            return Ranking("margin", list(items))

        monkeypatch.setattr(ranking, "rank", rank)
        regional.refresh()
        qtbot.waitUntil(asked.is_set, timeout=WAIT)
        meanwhile()
        go_on.set()
        wait_idle()
        return places(regional)

    return ordered


FRESH = [QueueItem(1, 1.0, "margin", CORNER), QueueItem(2, 0.9, "margin", FAR),
         QueueItem(1, 0.8, "margin", MIDDLE)]  # fmt: skip


def test_what_is_labelled_while_it_is_ordered_is_not_asked_for(ordered, stroke, session):
    def label():
        stroke((20, 64), (108, 64), diameter=120)
        change = TileChange(2, Layer.MASK, (0, 0), None, Packed.of(np.ones_like(blank())))
        state = states.changed(session.images[2], state=State.IN_WORK)
        session.apply(Edit("Paste", tiles=(change,)).with_rows([state]))
        session.project.writer.settle()

    assert ordered(FRESH, label) == [(1, MIDDLE)]


def test_it_is_ordered_as_it_was_chosen(queueing, monkeypatch, wait_idle):
    asked = []

    def rank(project, task, strategy, model, budget, **_):
        asked.append((strategy, model, budget))
        return Ranking("margin", list(FRESH))

    monkeypatch.setattr(ranking, "rank", rank)
    queueing.ordering.choose("margin", 7, {"side": 64})
    queueing.ordering.rank()
    assert queueing.ordering.rank() is queueing.ordering.job  # one at a time
    wait_idle()
    assert asked == [(strategies["margin"](side=64), None, 7)]
    assert places(queueing) == [(1, CORNER), (2, FAR), (1, MIDDLE)]


def test_what_is_refused_while_it_is_ordered_is_not_asked_for(ordered, regional, session):
    regional.next_item()
    assert ordered(FRESH, regional.never_ask) == [(1, MIDDLE), (2, FAR)]


def test_what_was_skipped_stays_behind_all_others_in_a_new_order(ordered, regional):
    regional.next_item()
    regional.skip()
    regional.let_go()
    assert ordered(FRESH) == [(2, FAR), (1, MIDDLE), (1, CORNER)]


def test_regions_of_a_picture_that_is_refused_meanwhile_are_not_asked_for(
    ordered, queueing, session
):
    def refuse():
        queueing.never_ask()
        queueing.let_go()

    fill(queueing, [QueueItem(1, 0.9, "mean_entropy"), QueueItem(2, 0.7, "mean_entropy")])
    queueing.go_to(queueing.items[0])
    assert ordered(FRESH, refuse) == [(2, FAR)]


def test_the_project_has_the_new_order_as_the_person_sees_it(
    ordered, regional, session, wait_written
):
    def go_on():
        session.project.set_queue(fresh)  # as an ordering does, before it is heard
        regional.skip()

    fresh = [FRESH[1], QueueItem(1, 0.9, "margin", Box(0, 128, 128, 256)), FRESH[0]]
    regional.next_item()
    ordered(fresh, go_on)
    wait_written()
    seen = [(item.image, item.box) for item in regional.listed]
    assert seen == [(1, MIDDLE), (2, FAR), (1, fresh[1].box), (1, CORNER)]
    assert [(item.image, item.box) for item in session.project.queue()] == seen


def test_what_is_refused_is_not_read_again_however_slow_the_disk(regional, session, wait_written):
    slow = threading.Event()
    session.project.change(lambda connection: slow.wait(20))
    QTimer.singleShot(200, slow.set)
    pass_over(session.project, 1, CORNER)
    session.project.set_queue(FRESH)
    regional.ordering.reload()
    wait_written()
    assert places(regional) == [(2, FAR), (1, MIDDLE)]


def test_a_training_that_ends_while_it_is_ordered_is_asked_too(
    ordered, regional, monkeypatch, wait_idle
):
    models = []

    def train():
        regional.refresh()
        regional.refresh()
        monkeypatch.setattr(ranking, "rank", rank)

    def rank(*_, **__):
        models.append("new")
        return Ranking("margin", [FRESH[1]])

    assert ordered(FRESH, train) == [(2, FAR)]
    assert models == ["new"]


def test_whoever_cancels_an_order_gets_no_other(ordered, regional):
    def cancel():
        regional.refresh()
        regional.ordering.job.cancel()

    assert ordered(FRESH, cancel) == [(1, CORNER), (1, MIDDLE), (2, FAR)]
    assert regional.ordering.job is None


def test_pictures_that_cannot_be_looked_at_are_said(regional, said, monkeypatch, wait_idle):
    gone = [Failure("b.png", "the file is not there any more"), Failure("c.png", "gone")]
    found = [Ranking("margin", [FRESH[1]], gone, notes=["so"]), Ranking("margin", [], gone)]
    monkeypatch.setattr(ranking, "rank", lambda *_, **__: found.pop(0))
    regional.refresh()
    wait_idle()
    left_out = "2 pictures were left out: the file is not there any more"
    assert regional.ordering.notes == ["so", left_out]
    regional.refresh()
    wait_idle()
    assert said == ["no picture could be looked at"]
    assert places(regional) == [(2, FAR)]


def test_what_has_left_the_project_meanwhile_is_not_asked_for(ordered, session, wait_saved):
    def remove():
        row = session.images[2].row()
        session.apply(Edit("Remove", rows=(RowChange("images", 2, row, None),)))

    assert ordered(FRESH, remove) == [(1, CORNER), (1, MIDDLE)]
    wait_saved()


def test_a_training_after_which_nothing_is_left_is_no_error(
    qtbot, regional, said, monkeypatch, wait_idle
):
    def rank(*_, **__):
        raise ranking.NothingLeft("there is no picture left to label", "add more pictures")

    monkeypatch.setattr(ranking, "rank", rank)
    regional.refresh()
    wait_idle()
    assert said == []
    assert regional.ordering.job is None
    regional.ordering.rank()
    wait_idle()
    assert said == ["there is no picture left to label"]


def test_a_stroke_costs_only_the_items_that_it_meets(
    qtbot, queueing, stroke, monkeypatch, wait_saved
):
    looked = []
    real = module.labelled_share
    monkeypatch.setattr(
        module, "labelled_share", lambda mask, box: looked.append(box) or real(mask, box)
    )
    fill(queueing, [QueueItem(1, 0.5, "margin", box) for box in (CORNER, MIDDLE)])
    looked.clear()
    stroke((150, 300), (160, 300), diameter=8)
    stroke((20, 64), (100, 64), diameter=8)
    qtbot.waitUntil(lambda: bool(looked), timeout=WAIT)
    assert set(looked) == {CORNER}
    wait_saved()


def test_only_a_queue_that_is_in_use_is_ordered_after_a_training(queueing):
    queueing.refresh()
    assert queueing.ordering.job is None


def test_the_project_remembers_how_its_queue_is_ordered(queueing, wait_written):
    ordering = queueing.ordering
    ordering.choose("margin", 7, {"side": 64})
    wait_written()
    ordering.choose("random", 9)
    wait_written()
    ordering.choice = QueueChoice("bald", 1)
    ordering.reload()
    wait_written()
    assert (ordering.choice.strategy, ordering.choice.batch) == ("random", 9)
    ordering.choose("margin")
    assert ordering.choice.part().side == 64


@pytest.mark.parametrize("text", ["", "[]", "{", '{"strategy": "magic", "batch": "x"}'])
def test_what_the_project_does_not_say_well_is_as_it_was(text):
    assert QueueChoice.from_text(text) == QueueChoice("recommended", 20, {})


def test_settings_that_no_longer_fit_are_left_out():
    assert QueueChoice("margin", 5, {"margin": {"magic": 1}}).part().side == 128


def test_a_queue_that_was_labelled_elsewhere_is_read_as_done(
    qtbot, regional, stroke, session, wait_written
):
    stroke((20, 64), (108, 64), diameter=120)
    session.project.set_queue(regional.list.all)
    wait_written()
    session.close_image()
    regional.ordering.reload()
    wait_written()
    assert places(regional) == [(1, MIDDLE), (2, FAR)]
