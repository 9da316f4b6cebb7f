import threading
from dataclasses import replace

import numpy as np
import pytest

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.tiles import Layer
from segstudio.gui import cleaning as module
from segstudio.gui.canvas.canvas import Canvas
from segstudio.gui.cleaning import Cleaning
from segstudio.gui.dialogs.ask import ScriptedAsker
from segstudio.interactive.cleanup import cleanups
from segstudio.interactive.patch import Patch
from segstudio.settings import build

WAIT = 20_000


def mask(session):
    return session.read(Layer.MASK, session.image.box)


def step(name, **values):
    return build(cleanups[name], values)


@pytest.fixture
def chosen():
    return [1, 2]


@pytest.fixture
def cleaning(qtbot, session, readers, open_image, stroke, chosen, wait_idle):
    """Both pictures have a large stroke of class 1 and a dot of class 2; 1 is open."""
    canvas = Canvas(session, readers)
    qtbot.addWidget(canvas)
    canvas.resize(400, 300)
    for id in (2, 1):
        open_image(id)
        canvas.show_image(session.image.box)
        stroke((60, 60), (120, 60), diameter=30)
        stroke((200, 100), (200, 100), diameter=4, value=2)
    wait_idle()
    made = Cleaning(session, ScriptedAsker(), canvas, lambda: chosen)
    yield made
    made.set_live(False)
    wait_idle()


@pytest.fixture
def look(qtbot, cleaning):
    """Have a look; return the classes that pixels would have, 254 where nothing changes."""

    def look():
        cleaning.set_live(True)
        qtbot.waitUntil(
            lambda: not cleaning._rest.isActive() and cleaning._job is None, timeout=WAIT
        )
        if cleaning.outcome is None:
            return None
        out = np.full(cleaning._session.image.box.shape, 254, np.uint8)
        for id, patch in cleaning.outcome.patches:
            out[patch.box.slices][patch.region] = id
        return out

    return look


def test_the_look_is_what_it_comes_to(session, cleaning, look, wait_idle):
    before = mask(session)
    seen = look()
    assert (seen[before == 2] == UNLABELLED).all()
    assert (seen != 254).sum() == cleaning.outcome.pixels == (before == 2).sum()
    assert (mask(session) == before).all()
    cleaning.apply()
    assert cleaning.outcome is None
    wait_idle()
    assert (mask(session) == np.where(seen == 254, before, seen)).all()
    session.undo()
    wait_idle()
    assert (mask(session) == before).all()


def test_other_settings_begin_a_look_and_steps_keep_theirs(session, cleaning, look):
    cleaning.set_step("dilate")
    assert not cleaning.live
    cleaning.set_settings(step("dilate", radius=4))
    assert cleaning.live
    wide = look()
    assert (wide == 1).any()
    cleaning.set_step("erode")
    assert (look() == UNLABELLED).any()
    cleaning.set_step("dilate")
    assert cleaning.step == step("dilate", radius=4)
    assert (look() == wide).all()
    assert cleaning.discard()
    assert not cleaning.discard()


def test_what_changes_during_a_look_is_looked_at_next(session, cleaning, look, monkeypatch, qtbot):
    gate, work = threading.Event(), module.outcome

    def slow(*given):
        gate.wait(10)
        return work(*given)

    monkeypatch.setattr(module, "outcome", slow)
    cleaning.set_live(True)
    qtbot.waitUntil(lambda: cleaning._job is not None, timeout=WAIT)
    cleaning.set_step("dilate")
    qtbot.waitUntil(lambda: cleaning._again, timeout=WAIT)
    gate.set()
    qtbot.waitUntil(lambda: cleaning.outcome is not None and not cleaning._again, timeout=WAIT)
    qtbot.waitUntil(lambda: cleaning._job is None, timeout=WAIT)
    assert {id for id, _ in cleaning.outcome.patches} == {1, 2}  # both grow


def test_locked_classes_are_seen_to_stay(session, cleaning, look):
    session.change_class(replace(session.class_of(2), locked=True))
    assert (look() == 254).all()


def test_what_is_too_large_is_not_looked_at(session, cleaning, look, monkeypatch):
    monkeypatch.setattr(module, "CHEAP", 1000)
    assert look() is None
    assert cleaning.too_large
    cleaning.set_live(False)
    monkeypatch.setattr(module, "CHEAP", 16_000_000)
    assert look() is not None
    assert not cleaning.too_large


@pytest.mark.parametrize(("scope", "changed"), [("image", {1}), ("selected", {2}), ("all", {1, 2})])
def test_it_is_done_for_what_is_asked_for(session, cleaning, chosen, scope, changed, wait_idle):
    chosen[:] = [2]
    cleaning.set_scope(scope)
    shares = {id: session.project.shares(id) for id in (1, 2)}
    entries = len(session.history.entries)
    cleaning.apply()
    wait_idle()
    assert {id for id in (1, 2) if session.project.shares(id) != shares[id]} == changed
    assert len(session.history.entries) == entries + 1
    session.undo()
    wait_idle()
    assert {id: session.project.shares(id) for id in (1, 2)} == shares


def test_only_what_the_wand_has_selected(session, cleaning, look, said, wait_idle):
    cleaning.set_scope("selection")
    cleaning.set_step("fill_rest")
    assert cleaning.apply() is None
    assert said == ["nothing is selected"]
    box = Box(10, 20, 110, 130)
    cleaning._wand.selection = (Patch.whole(box),)
    before = mask(session)
    seen = look()
    cleaning.apply()
    wait_idle()
    expected = before.copy()
    expected[box.slices][before[box.slices] == UNLABELLED] = 0
    assert (mask(session) == expected).all()
    assert ((seen == 0) == (expected == 0)).all()


def test_another_selection_renews_the_look(session, cleaning, look):
    cleaning.set_scope("selection")
    cleaning.set_step("fill_rest")
    assert (look() == 254).all()
    cleaning._wand.selection = (Patch.whole(Box(10, 20, 110, 130)),)
    cleaning._wand._show(cleaning._wand.selection)
    assert (look() == 0).any()


def test_what_cannot_be_is_said(session, cleaning, chosen, said, wait_idle):
    cleaning.set_step("fill_rest")
    cleaning.step = step("fill_rest", class_id=9)
    assert cleaning.apply() is None
    assert said == ["there is no class with the number 9"]
    cleaning.set_step("remove_specks")
    cleaning.step = step("remove_specks", smaller_than=2)
    cleaning.apply()
    wait_idle()
    assert said[-1] == "remove specks: there was nothing to do"
    chosen.clear()
    cleaning.set_scope("selected")
    assert cleaning.apply() is None
    assert said[-1] == "there is no picture to clean up"


def test_a_stroke_made_meanwhile_is_cleaned_up_too(session, cleaning, stroke, wait_idle):
    cleaning.apply()
    stroke((300, 300), (300, 300), diameter=4)
    wait_idle()
    assert 2 not in mask(session)
    assert (mask(session)[295:305, 295:305] == UNLABELLED).all()
    on_disk = session.project.layers(session.project.image(1))
    assert (on_disk.mask.read(session.image.box) == mask(session)).all()


def test_without_a_picture_there_is_nothing_to_look_at(session, cleaning, look):
    session.close_image()
    assert look() is None
    assert cleaning.apply() is None
