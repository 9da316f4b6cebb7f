"""A class goes while strokes go on."""

import threading

import numpy as np
import pytest

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.edit import Edit, TileChange
from segstudio.domain.layers import Layers
from segstudio.domain.records import State
from segstudio.domain.tiles import Layer, Packed
from segstudio.gui.class_editing import ClassEditing
from segstudio.gui.dialogs.ask import ScriptedAsker
from segstudio.workflows.reclass import Reclassing

SIGN, WINDOW = 1, 2


@pytest.fixture
def ask():
    return ScriptedAsker()


@pytest.fixture
def editing(session, ask):
    return ClassEditing(session, ask)


@pytest.fixture
def removal(editing):
    return editing.removal


@pytest.fixture
def said(session):
    heard = []
    session.said.connect(lambda text, hint: heard.append((text, hint)))
    return heard


@pytest.fixture
def held(monkeypatch):
    """Hold the job after it has worked out all pictures, until `held.set`; ``held.there`` tells."""
    gate = threading.Event()
    gate.there = threading.Event()
    work = Reclassing.all

    def all(self, task):
        work(self, task)
        gate.there.set()
        assert gate.wait(20)

    monkeypatch.setattr(Reclassing, "all", all)
    yield gate
    gate.set()


def mask(session):
    return session.read(Layer.MASK, session.image.box)


def stored(session, id):
    image = session.project.image(id)
    layers: Layers = session.project.layers(image)
    return {layer: layers[layer].read(image.box) for layer in Layer}


def test_deleting_asks_with_what_will_be_lost(session, removal, ask, open_image, stroke, wait_idle):
    open_image(1)
    stroke((0, 100), (700, 100), diameter=100)
    before = mask(session)
    ask.answer("confirm", False, True)
    removal.delete(SIGN)
    wait_idle()
    assert [c.id for c in session.classes] == [0, 1, 2]
    share = 100 * (before == SIGN).sum() / (530 * 700 + 200 * 300)
    assert ask.asked == [
        ("confirm", ("Delete sign?", f"sign is on 1 picture, {share:.0f} % of all pixels:"
                     " they become unlabelled. It can be undone."))
    ]  # fmt: skip
    removal.delete(SIGN)
    wait_idle()
    assert [c.id for c in session.classes] == [0, 2]
    assert (mask(session) == UNLABELLED).all()
    assert session.image.state == State.UNLABELLED
    assert session.history.next_undo.text == "Delete class sign"
    session.undo()
    wait_idle()
    assert np.array_equal(mask(session), before)
    assert [c.id for c in session.classes] == [0, 1, 2]
    assert session.image.state == State.IN_WORK
    session.redo()
    wait_idle()
    assert (mask(session) == UNLABELLED).all()


def test_a_class_without_pixels_goes_unasked(session, removal, ask, open_image, stroke, wait_idle):
    open_image(1)
    stroke((10, 10), (90, 10), value=WINDOW)
    removal.delete(SIGN)
    wait_idle()
    assert ask.asked == []
    assert [c.id for c in session.classes] == [0, 2]
    assert (mask(session) == WINDOW).any()


def test_strokes_made_meanwhile_are_kept_and_lose_the_class(
    session, removal, held, open_image, stroke, wait_idle, wait_saved
):
    open_image(2)
    stroke((10, 10), (200, 10))
    wait_saved()
    open_image(1)
    stroke((10, 300), (600, 300), diameter=30)
    removal.merge(SIGN, WINDOW)
    assert held.there.wait(20)
    stroke((10, 100), (600, 100), value=SIGN)
    stroke((10, 200), (600, 200), value=0)
    stroke((300, 300), (400, 300), diameter=40, value=UNLABELLED)
    painted = mask(session)
    held.set()
    wait_idle()
    expected = np.where(painted == SIGN, WINDOW, painted)
    assert np.array_equal(mask(session), expected)
    assert np.array_equal(stored(session, 1)[Layer.MASK], expected)
    assert SIGN not in stored(session, 2)[Layer.MASK]
    assert [c.id for c in session.classes] == [0, 2]
    session.undo()
    wait_idle()
    assert np.array_equal(mask(session), painted)
    assert np.array_equal(stored(session, 1)[Layer.MASK], painted)
    assert (stored(session, 2)[Layer.MASK] == SIGN).any()


def test_a_picture_that_is_opened_and_painted_meanwhile(
    session, removal, held, open_image, stroke, wait_idle
):
    open_image(1)
    stroke((10, 300), (600, 300))
    removal.merge(SIGN, WINDOW)
    assert held.there.wait(20)
    open_image(2)
    stroke((10, 100), (200, 100), value=SIGN)
    held.set()
    wait_idle()
    for id in (1, 2):
        assert set(np.unique(stored(session, id)[Layer.MASK])) == {WINDOW, UNLABELLED}
    assert set(np.unique(mask(session))) == {WINDOW, UNLABELLED}


@pytest.mark.parametrize("how", ["undo", "redo"])
def test_what_is_undone_or_redone_meanwhile(
    session, removal, held, open_image, stroke, wait_idle, wait_saved, how
):
    open_image(1)
    stroke((10, 300), (600, 300))
    stroke((10, 100), (600, 100))
    if how == "redo":
        session.undo()
    wait_saved()
    removal.merge(SIGN, WINDOW)
    assert held.there.wait(20)
    getattr(session, how)()
    wait_saved()
    held.set()
    wait_idle()
    assert set(np.unique(mask(session))) == {WINDOW, UNLABELLED}
    assert mask(session)[300, 300] == WINDOW
    assert mask(session)[100, 300] == (WINDOW if how == "redo" else UNLABELLED)
    assert [e.text for e in session.history.entries][-1] == "Merge sign into window"


def test_a_stroke_in_progress_is_waited_for(qtbot, session, removal, open_image, stroke, wait_idle):
    open_image(1)
    stroke((10, 300), (600, 300))
    stroke((10, 100), (600, 100), finish=False)
    removal.merge(SIGN, WINDOW)
    for _ in range(3):
        with qtbot.waitSignal(removal._timer.timeout, timeout=20_000):
            pass
    assert session.class_of(SIGN) is not None
    session.finish_draft("Brush")
    qtbot.waitUntil(lambda: session.class_of(SIGN) is None, timeout=20_000)
    wait_idle()
    assert set(np.unique(mask(session))) == {WINDOW, UNLABELLED}
    assert mask(session)[100, 300] == mask(session)[300, 300] == WINDOW


def test_what_other_jobs_bring_loses_the_class_too(
    session, removal, held, open_image, stroke, wait_idle
):
    """A proposal was asked for while the class was there, and comes when it is nearly gone."""
    open_image(1)
    stroke((10, 300), (600, 300))
    removal.merge(SIGN, WINDOW)
    assert held.there.wait(20)
    proposal = Packed(np.full((256, 256), SIGN, np.uint8))
    change = TileChange(2, Layer.PROPOSAL, (0, 0), None, proposal)

    def settle():
        job = session.jobs.start("Propose", lambda job: Edit("Propose", (change,)), "quick")
        job.succeeded.connect(session.apply)

    session.jobs.start("Predict", lambda job: None).succeeded.connect(settle)
    held.set()
    wait_idle()
    assert session.class_of(SIGN) is None
    assert [e.text for e in session.history.entries][-2:] == ["Propose", "Merge sign into window"]
    assert (stored(session, 2)[Layer.PROPOSAL] == WINDOW)[:200, :256].all()


@pytest.mark.parametrize("what", ["lock", "undo"])
def test_what_cannot_be_any_more_is_said(
    session, editing, removal, held, open_image, stroke, wait_idle, said, what
):
    editing.add()
    open_image(1)
    stroke((10, 300), (600, 300))
    wait_idle()
    session.undo()
    removal.merge(SIGN, 3)
    assert held.there.wait(20)
    if what == "lock":
        editing.switch(SIGN, "locked")
    else:
        session.undo()
    held.set()
    wait_idle()
    assert session.class_of(SIGN) is not None
    assert said == (
        [("sign is locked and cannot be merged into another class", "unlock it first")]
        if what == "lock"
        else [("there is no class with the number 3", "")]
    )
    count = session.project.reading().execute("SELECT COUNT(*) FROM staged").fetchone()[0]
    assert count == 0


def test_one_after_the_other(session, removal, held, said, wait_idle):
    removal.merge(SIGN, WINDOW)
    assert held.there.wait(20)
    assert removal.merge(0, WINDOW) is None
    assert said == [("a class is being merged or deleted", "wait until that is done")]
    held.set()
    wait_idle()
    assert removal.merge(0, WINDOW) is not None
    wait_idle()
    assert [c.id for c in session.classes] == [2]


def test_a_locked_class_stays(session, editing, removal, said, ask):
    editing.switch(SIGN, "locked")
    assert removal.delete(SIGN) is None
    assert removal.merge(SIGN, WINDOW) is None
    assert said == [
        ("sign is locked and cannot be deleted", "unlock it first"),
        ("sign is locked and cannot be merged into another class", "unlock it first"),
    ]
    assert ask.asked == []


def test_cancelling_leaves_all_as_it_was(session, removal, held, open_image, stroke, wait_idle):
    open_image(1)
    stroke((10, 300), (600, 300))
    before = mask(session)
    job = removal.merge(SIGN, WINDOW)
    assert held.there.wait(20)
    job.cancel()
    held.set()
    wait_idle()
    assert np.array_equal(mask(session), before)
    assert session.class_of(SIGN) is not None
    assert removal.merge(SIGN, WINDOW) is not None
    wait_idle()
    assert session.class_of(SIGN) is None


# -- what is painted with ---------------------------------------------------------------


@pytest.mark.parametrize(("gone", "then"), [(0, 1), (1, 2), (2, 1)])
def test_the_next_class_takes_the_place_of_the_active_one(session, removal, wait_idle, gone, then):
    session.view.choose_class(gone)
    session.view.set_solo(gone)
    removal.delete(gone)
    wait_idle()
    assert session.view.active_class == then
    assert session.view.solo is None
    session.view.swap_with_first(session.classes[0].id)
    assert session.class_of(session.view.active_class) is not None


def test_another_class_goes_unnoticed(session, removal, wait_idle):
    session.view.set_solo(SIGN)
    removal.delete(WINDOW)
    wait_idle()
    assert session.view.active_class == session.view.solo == SIGN
