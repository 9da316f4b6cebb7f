from itertools import pairwise

import numpy as np
import pytest

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.stroke import capsule
from segstudio.domain.tiles import Layer
from segstudio.gui.tools.builtin.reshape import Reshape
from segstudio.gui.tools.tool import Press


@pytest.fixture
def tool(session, context, stroke):
    stroke((200, 200), diameter=100, value=2)
    session.view.choose_class(1)
    session.view.set_brush(30)
    return Reshape(context)


def mask(session):
    return session.read(Layer.MASK, session.image.box)


def drag(tool, *points, **held):
    tool.press(Press(points[0], **held))
    for point in points[1:]:
        tool.move(Press(point, **held))
    tool.release(Press(points[-1], **held))


def way(session, *points):
    where = np.zeros(session.image.box.shape, bool)
    for start, end in pairwise(points):
        box, region = capsule(start, end, 30, session.image.box)
        where[box.slices] |= region
    return where


def test_from_inside_the_border_goes_out(session, tool):
    before, points = mask(session) == 2, [(200.0, 200.0), (270.0, 200.0), (280.0, 230.0)]
    edits = len(session.history.entries)
    drag(tool, *points)
    assert ((mask(session) == 2) == (before | way(session, *points))).all()
    assert not (mask(session) == 1).any()
    assert len(session.history.entries) == edits + 1
    assert session.history.next_undo.text == "Reshape"
    session.undo()
    assert ((mask(session) == 2) == before).all()


def test_from_beside_it_the_border_goes_in(session, tool, stroke):
    before, points = mask(session) == 2, [(300.0, 200.0), (230.0, 200.0)]
    drag(tool, *points)
    assert ((mask(session) == 2) == (before & ~way(session, *points))).all()
    assert session.history.next_undo.text == "Reshape"


def test_one_class_is_pushed_into_another(session, tool, stroke):
    stroke((300, 200), diameter=100, value=1)
    drag(tool, (300.0, 200.0), (220.0, 200.0))
    assert mask(session)[200, 215] == 1
    assert mask(session)[200, 190] == 2


def test_it_is_seen_while_it_is_pushed_and_can_be_given_up(session, tool):
    before = mask(session)
    tool.press(Press((200.0, 200.0)))
    assert session.draft is None
    tool.move(Press((270.0, 200.0)))
    assert session.tile(Layer.MASK, (0, 1))[200, 270 - 256] == 2
    tool.cancel()
    tool.release(Press((270.0, 200.0)))
    assert (mask(session) == before).all()


def test_a_press_alone_changes_nothing(session, tool):
    before, edits = mask(session), len(session.history.entries)
    drag(tool, (248.0, 200.0))
    assert (mask(session) == before).all()
    assert len(session.history.entries) == edits


def test_the_right_button_pushes_what_is_unlabelled(session, tool):
    drag(tool, (200.0, 200.0), (240.0, 200.0), erase=True)
    assert mask(session)[200, 220] == UNLABELLED


def test_locked_classes_stay(session, tool, stroke):
    from dataclasses import replace

    stroke((300, 200), diameter=60, value=1)
    before = mask(session) == 1
    session.change_class(replace(session.class_of(1), locked=True))
    drag(tool, (200.0, 200.0), (300.0, 200.0))
    assert ((mask(session) == 1) == before).all()
    assert mask(session)[200, 260] == 2


def test_beginning_outside_the_image_pushes_in(session, tool, stroke):
    stroke((0, 300), diameter=60, value=2)
    drag(tool, (-20.0, 300.0), (10.0, 300.0))
    assert mask(session)[300, 5] == UNLABELLED
