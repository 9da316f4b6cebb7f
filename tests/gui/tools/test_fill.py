import numpy as np
import pytest
from PySide6.QtTest import QTest

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.tiles import Layer
from segstudio.gui.tools import sight
from segstudio.gui.tools.builtin.fill import Fill, FillOptions
from segstudio.gui.tools.tool import Press
from segstudio.interactive.patch import Patch

WAIT = 20_000


def mask(session):
    return session.read(Layer.MASK, session.image.box)


@pytest.fixture
def rectangle(session, wait_idle):
    """A frame of class 1 around an unlabelled court, 100…300 × 100…300, with a gap of 4 px."""
    assert session.begin_draft()
    whole = Patch.whole(Box(100, 100, 300, 300))
    inner = Patch.whole(Box(110, 110, 290, 290))
    frame = whole.minus(inner)
    frame = frame.minus(Patch.whole(Box(100, 200, 110, 204)))
    session.paint(frame.box, frame.region, 1)
    session.finish_draft("Frame")
    wait_idle()
    session.view.choose_class(2)
    return frame


@pytest.fixture
def fill(pictured):
    return Fill(pictured)


@pytest.fixture
def click(fill, wait_idle):
    def click(x, y, **held):
        fill.press(Press((x, y), **held))
        fill.release(Press((x, y), **held))
        wait_idle()

    return click


def test_a_click_fills_what_is_connected_in_the_mask(session, rectangle, click):
    before = mask(session)
    click(105, 105)
    assert ((mask(session) == 2) == (before == 1)).all()
    assert session.history.next_undo.text == "Fill"
    click(200, 200)
    assert (mask(session) == 2).all()
    session.undo()
    session.undo()
    assert (mask(session) == before).all()


def test_gaps_are_closed(session, rectangle, click, fill):
    fill.options = FillOptions(gap=6)
    click(200, 200)
    found = mask(session) == 2
    assert found[115:285, 115:285].all()
    assert not found[:100].any()


def test_all_of_a_class_where_it_need_not_be_connected(session, rectangle, click, fill, stroke):
    stroke((400, 400), (450, 400))
    before = mask(session)
    fill.options = FillOptions(contiguous=False)
    click(105, 105)
    assert ((mask(session) == 2) == (before == 1)).all()


def test_a_right_click_erases_the_area(session, rectangle, click):
    click(105, 105, erase=True)
    assert (mask(session) == UNLABELLED).all()
    assert session.history.next_undo.text == "Erase area"


def test_by_colour(session, rectangle, click, fill):
    fill.options = FillOptions(by="colour", tolerance=5)
    click(600, 30)
    found = mask(session) == 2
    assert found[:, 350:].all()
    assert not found[:, :350].any()
    fill.options = FillOptions(by="colour", tolerance=100)
    click(600, 30)
    assert (mask(session) == 2).all()


def test_by_colour_in_a_picture_too_large_to_look_at_whole(session, click, fill, monkeypatch):
    monkeypatch.setattr(sight, "MOST", 40_000)
    fill._context.in_sight = lambda: Box(100, 400, 200, 500)
    fill.options = FillOptions(by="colour")
    session.view.choose_class(1)
    click(450, 150)
    assert (mask(session)[100:200, 400:500] == 1).all()
    assert (mask(session) == 1).sum() == 100 * 100


def test_locked_classes_stay(session, rectangle, click, fill, wait_idle):
    from dataclasses import replace

    session.change_class(replace(session.class_of(1), locked=True))
    wait_idle()
    before = mask(session)
    fill.options = FillOptions(by="colour", tolerance=100)
    click(200, 200)
    assert ((mask(session) == 1) == (before == 1)).all()
    assert (mask(session)[before != 1] == 2).all()


def test_a_cancelled_click_and_one_outside_do_nothing(session, rectangle, fill, wait_idle):
    before = mask(session)
    for at in ((105, 105), (-5, 20)):
        fill.press(Press(at))
        if at[0] > 0:
            fill.cancel()
        fill.release(Press(at))
        wait_idle()
    assert (mask(session) == before).all()


def test_without_the_picture_it_says_so(context, session, rectangle, qtbot):
    said = []
    session.said.connect(lambda text, hint: said.append(text))
    fill = Fill(context)
    fill.options = FillOptions(by="colour")
    fill.press(Press((200, 200)))
    fill.release(Press((200, 200)))
    assert said == ["the picture is not there yet"]
    assert not session.jobs.jobs


def test_a_resting_cursor_shows_what_would_be_filled(session, rectangle, fill, qtbot, click):
    fill.hover(Press((105, 105)))
    assert not fill.preview
    qtbot.waitUntil(lambda: bool(fill.preview), timeout=WAIT)
    shown = np.zeros(session.image.box.shape, bool)
    for patch in fill.preview:
        shown[patch.box.slices] |= patch.region
    assert (shown == (mask(session) == 1)).all()
    fill.hover(Press((106, 150)))  # inside: it stays
    assert fill.preview
    fill.hover(Press((106, 150), erase=True))
    assert fill.previews_erasing
    click(105, 105)
    assert not fill.preview
    fill.hover(Press((105, 105)))
    fill.hover(None)
    QTest.qWait(300)
    assert not fill.preview


def test_what_is_shown_goes_when_the_mask_changes(session, rectangle, fill, qtbot, stroke):
    fill.hover(Press((105, 105)))
    qtbot.waitUntil(lambda: bool(fill.preview), timeout=WAIT)
    stroke((400, 400), (420, 400))
    assert not fill.preview
