import numpy as np
import pytest

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.tiles import Layer
from segstudio.gui.tools import sight
from segstudio.gui.tools.builtin.wand import Wand, WandOptions, combined, mode_of
from segstudio.gui.tools.tool import Press
from segstudio.interactive.patch import Patch

WAIT = 20_000
LEFT, RIGHT = (20.0, 20.0), (600.0, 20.0)


def mask(session):
    return session.read(Layer.MASK, session.image.box)


def over(patches, box):
    shown = np.zeros(box.shape, int)
    for patch in patches:
        shown[patch.box.slices] += patch.region
    assert shown.max(initial=0) <= 1
    return shown > 0


@pytest.fixture
def wand(pictured, session):
    session.view.choose_class(1)
    return Wand(pictured)


@pytest.fixture
def click(wand, wait_idle):
    def click(at, **held):
        wand.press(Press(at, **held))
        wand.release(Press(at, **held))
        wait_idle()

    return click


@pytest.fixture
def halves(session):
    left = np.zeros(session.image.box.shape, bool)
    left[:, :350] = True
    return left, ~left


def test_a_click_selects_and_enter_paints_one_edit(session, wand, click, halves, wait_idle):
    left, _ = halves
    click(LEFT)
    assert (mask(session) == UNLABELLED).all()
    assert (over(wand.selection, session.image.box) == left).all()
    assert wand.preview == wand.selection
    before = len(session.history.entries)
    assert wand.finish()
    wait_idle()
    assert ((mask(session) == 1) == left).all()
    assert len(session.history.entries) == before + 1
    assert session.history.next_undo.text == "Magic wand"
    assert not wand.selection
    assert not wand.preview
    assert not wand.finish()
    session.undo()
    assert (mask(session) == UNLABELLED).all()


def test_shift_adds_alt_subtracts_both_intersect(session, wand, click, halves):
    _, right = halves
    box = session.image.box
    click(LEFT)
    click(RIGHT, shift=True)
    assert over(wand.selection, box).all()
    click(LEFT, erase=True)
    assert (over(wand.selection, box) == right).all()
    click(LEFT, shift=True, erase=True)
    assert not wand.selection
    click(LEFT)
    click(RIGHT)
    assert (over(wand.selection, box) == right).all()


def test_the_options_say_the_same(session, wand, click):
    wand.options = WandOptions(mode="add", tolerance=2)
    click(LEFT)
    click(RIGHT)
    assert over(wand.selection, session.image.box).all()
    assert mode_of(Press(LEFT), "intersect") == "intersect"
    assert mode_of(Press(LEFT, shift=True), "subtract") == "add"


def test_clicks_in_quick_succession_all_count(session, wand, wait_idle):
    for at in (LEFT, RIGHT):
        wand.press(Press(at, shift=True))
        wand.release(Press(at, shift=True))
    assert wand.finish()  # before anything is found
    wait_idle()
    assert (mask(session) == 1).all()
    assert session.history.next_undo.text == "Magic wand"


def test_dragging_changes_the_tolerance_live(session, wand, qtbot, wait_idle, halves):
    left, _ = halves
    box = session.image.box
    wand.press(Press(LEFT))
    qtbot.waitUntil(lambda: bool(wand.preview), timeout=WAIT)
    assert (over(wand.preview, box) == left).all()
    wand.move(Press((700.0, 20.0)))
    qtbot.waitUntil(lambda: over(wand.preview, box).all(), timeout=WAIT)
    assert not wand.selection
    wand.release(Press((100.0, 20.0)))
    wait_idle()
    assert (over(wand.selection, box) == left).all()


def test_esc_drops_the_selection_and_a_drag_can_be_given_up(session, wand, click, wait_idle):
    click(LEFT)
    held = wand.selection
    wand.press(Press(RIGHT, shift=True))
    wand.cancel()
    wand.release(Press(RIGHT, shift=True))
    wait_idle()
    assert wand.selection == held == wand.preview
    assert wand.forget()
    assert not wand.selection
    assert not wand.preview
    assert not wand.forget()
    assert (mask(session) == UNLABELLED).all()


def test_locked_classes_stay(session, wand, click, stroke, wait_idle):
    from dataclasses import replace

    stroke((50, 50), (90, 50), value=2)
    session.change_class(replace(session.class_of(2), locked=True))
    before = mask(session)
    click(LEFT)
    wand.finish()
    wait_idle()
    assert ((mask(session) == 2) == (before == 2)).all()


def test_in_very_large_pictures_it_works_in_sight(session, wand, click, monkeypatch):
    monkeypatch.setattr(sight, "MOST", 40_000)
    wand._context.in_sight = lambda: Box(100, 400, 200, 500)
    click((450.0, 150.0))
    assert [patch.box for patch in wand.selection] == [Box(100, 400, 200, 500)]
    monkeypatch.setattr(sight, "SIDE", 60)
    wand._context.in_sight = lambda: session.image.box
    click((600.0, 300.0))
    assert [patch.box for patch in wand.selection] == [Box(270, 570, 330, 630)]


def test_without_the_picture_it_says_so(context, session):
    said = []
    session.said.connect(lambda text, hint: said.append(text))
    wand = Wand(context)
    wand.press(Press(LEFT))
    wand.release(Press(LEFT))
    assert said == ["the picture is not there yet"]
    assert not wand.finish()


@pytest.mark.parametrize("most", [10, 16_000_000])
@pytest.mark.parametrize("mode", ["new", "add", "subtract", "intersect"])
def test_selections_are_sets(mode, most, monkeypatch):
    monkeypatch.setattr(sight, "MOST", most)  # beyond it, patches are not joined
    rng = np.random.default_rng(1)
    whole = Box(0, 0, 40, 50)
    selection = ()
    expected = np.zeros(whole.shape, bool)
    for step in range(4):
        box = Box(*(int(v) for v in rng.integers(0, 20, 2)), 38, 44)
        patch = Patch(box, rng.random(box.shape) < 0.5)
        how = mode if step else "new"
        selection = combined(selection, patch, how)
        one = patch.over(whole)
        expected = {"new": one, "add": expected | one, "subtract": expected & ~one,
                    "intersect": expected & one}[how]  # fmt: skip
        assert (over(selection, whole) == expected).all()
