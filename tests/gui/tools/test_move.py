from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.tiles import Layer, Source
from segstudio.gui.canvas.viewport import Viewport
from segstudio.gui.tools.builtin import move as module
from segstudio.gui.tools.builtin.move import Move, MoveOptions
from segstudio.gui.tools.tool import Press
from segstudio.interactive.patch import Patch

INSIDE = (110.0, 210.0)


def mask(session):
    return session.read(Layer.MASK, session.image.box)


@pytest.fixture
def ell(session, wait_idle):
    """An L of class 1: 100…140 × 200…280 with a foot to 180; another region beside it."""
    assert session.begin_draft()
    shape = Patch.whole(Box(200, 100, 280, 140)).united(Patch.whole(Box(260, 100, 280, 180)))
    session.paint(shape.box, shape.region, 1)
    far = Patch.whole(Box(400, 400, 420, 420))
    session.paint(far.box, far.region, 1)
    session.finish_draft("L")
    wait_idle()
    session.view.choose_class(2)
    return shape.over(session.image.box)


@pytest.fixture
def tool(context):
    return Move(context)


@pytest.fixture
def drag(tool, wait_idle):
    def drag(start, *way, wait=True, **held):
        tool.press(Press(start, **held))
        if wait:
            wait_idle()
        for point in way:
            tool.move(Press(point, **held))
        tool.release(Press(way[-1] if way else start, **held))
        wait_idle()

    return drag


@pytest.mark.parametrize("wait", [True, False])
def test_a_drag_moves_the_region_under_it(session, ell, drag, wait):
    before, entries = mask(session), len(session.history.entries)
    drag(INSIDE, (150.0, 240.0), (160.0, 200.0), wait=wait)
    expected = before.copy()
    expected[ell] = UNLABELLED
    expected[np.roll(ell, (-10, 50), (0, 1))] = 1
    assert (mask(session) == expected).all()
    assert len(session.history.entries) == entries + 1
    assert session.history.next_undo.text == "Move region"
    source = session.read(Layer.SOURCE, session.image.box)
    assert (source[expected == 1] == Source.PERSON).all()
    session.undo()
    assert (mask(session) == before).all()
    session.redo()
    assert (mask(session) == expected).all()


@pytest.mark.parametrize("held", [{"control": True}, {"erase": True}])
def test_held_keys_copy_it(session, ell, drag, held):
    before = mask(session)
    drag(INSIDE, (310.0, 110.0), **held)
    expected = before.copy()
    expected[np.roll(ell, (-100, 200), (0, 1))] = 1
    assert (mask(session) == expected).all()
    assert session.history.next_undo.text == "Copy region"


def test_it_is_cut_at_the_edge_of_the_image(session, ell, drag):
    drag(INSIDE, (50.0, 210.0))
    found = mask(session) == 1
    assert (found[200:280, 40:80]).all()
    drag((70.0, 210.0), (-10.0, 210.0))
    assert (mask(session) == 1).sum() == 400 + 20 * 40


def test_a_click_picks_and_enter_mirrors_in_place(session, ell, drag, tool, wait_idle):
    drag(INSIDE)
    assert tool.picked is not None
    before = mask(session)
    assert tool.picked.patch.area == ell.sum()
    tool.options = MoveOptions(mirror="left_right")
    tool.options_changed()
    assert tool.finish()
    wait_idle()
    expected = before.copy()
    expected[ell] = UNLABELLED
    box = Box(200, 100, 280, 180)
    expected[box.slices][ell[box.slices][:, ::-1]] = 1
    assert (mask(session) == expected).all()
    assert session.history.next_undo.text == "Mirror region"
    assert not tool.finish()


def test_what_is_picked_can_be_mirrored_and_dragged_from_where_it_shows(session, ell, drag, tool):
    drag(INSIDE)
    tool.options = MoveOptions(mirror="both", copy=True)
    tool.options_changed()
    drag((170.0, 270.0), (370.0, 270.0))  # only the mirrored one is there
    found = mask(session) == 1
    box = Box(200, 300, 280, 380)
    assert (found[box.slices] == ell[200:280, 100:180][::-1, ::-1]).all()
    assert found[ell].all()


def test_unlabelled_ground_is_no_region(session, ell, drag, tool):
    said = []
    session.said.connect(lambda text, hint: said.append(text))
    before = mask(session)
    drag((500.0, 100.0), (550.0, 100.0))
    assert said == ["nothing is labelled there"]
    assert tool.picked is None
    assert (mask(session) == before).all()


def test_a_locked_class_is_not_moved_but_copied_and_not_painted_over(session, ell, drag, stroke):
    said = []
    session.said.connect(lambda text, hint: said.append(text))
    stroke((300, 240), (340, 240), value=2)
    for id in (1, 2):
        session.change_class(replace(session.class_of(id), locked=True))
    before = mask(session)
    drag(INSIDE, (310.0, 210.0))
    assert said == ["sign is locked: its regions stay"]
    assert (mask(session) == before).all()
    drag(INSIDE, (310.0, 210.0), control=True)
    found = mask(session)
    assert ((found == 2) == (before == 2)).all()
    assert found[205, 310] == 1


def test_a_region_too_large_is_refused(session, ell, drag, tool, monkeypatch):
    said = []
    session.said.connect(lambda text, hint: said.append(text))
    monkeypatch.setattr(module, "MOST", 1000)
    drag(INSIDE, (310.0, 210.0))
    assert said == ["this region is too large to be moved"]
    assert tool.picked is None


def test_what_was_painted_over_meanwhile_is_not_taken_away(session, ell, drag, tool, stroke):
    drag(INSIDE)
    stroke((110, 210), (110, 210), value=2, diameter=10)
    before = mask(session)
    drag((110.0, 250.0), (310.0, 250.0))
    found = mask(session)
    assert ((found == 2) == (before == 2)).all()
    assert (found[ell & (before == 1)] == UNLABELLED).all()


def test_esc_gives_up_the_drag_then_the_pick(session, ell, tool, wait_idle):
    before = mask(session)
    tool.press(Press(INSIDE))
    wait_idle()
    tool.move(Press((300.0, 300.0)))
    tool.cancel()
    assert tool.offset == (0, 0)
    assert tool.forget()
    assert not tool.forget()
    tool.release(Press((300.0, 300.0)))
    wait_idle()
    assert (mask(session) == before).all()


def test_it_is_drawn_where_it_would_lie(session, ell, tool, wait_idle):
    view = Viewport()
    view.resize(700, 530)
    view.set_zoom(1.0)
    view.show(session.image.box)

    def inked():
        screen = QImage(700, 530, QImage.Format.Format_RGB32)
        screen.fill(0)
        painter = QPainter(screen)
        tool.draw(painter, view)
        painter.end()
        return lambda x, y: screen.pixel(view.to_view(x, y).toPoint()) & 0xFFFFFF

    assert not inked()(110, 210)
    tool.press(Press(INSIDE))
    wait_idle()
    tool.move(Press((310.0, 210.0)))
    at = inked()
    assert at(310, 210) not in (0, at(110, 210))
    assert at(110, 210) in (0x7F7F7F, 0x808080)  # it would be gone here
    tool.move(Press((310.0, 210.0), control=True))
    assert not inked()(110, 210)
    tool.cancel()
    tool.forget()
    assert not inked()(310, 210)
