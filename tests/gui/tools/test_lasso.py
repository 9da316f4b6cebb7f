import math

import numpy as np
import pytest

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.tiles import Layer
from segstudio.gui.tools.builtin.lasso import Lasso
from segstudio.gui.tools.tool import Press
from segstudio.interactive import shapes

ROUND = [
    (200 + 80 * math.cos(n / 30 * math.tau), 200 + 60 * math.sin(n / 30 * math.tau))
    for n in range(28)
]


@pytest.fixture
def tool(session, context):
    session.view.choose_class(1)
    return Lasso(context)


def mask(session):
    return session.read(Layer.MASK, session.image.box)


def drag(tool, *points, **held):
    tool.press(Press(points[0], **held))
    for point in points[1:]:
        tool.move(Press(point, **held))
    tool.release(Press(points[-1], **held))


def test_what_is_drawn_around_is_painted(session, tool, wait_idle):
    drag(tool, *ROUND)
    wait_idle()
    whole = session.image.box
    assert ((mask(session) == 1) == shapes.polygon(ROUND, whole).over(whole)).all()
    assert session.history.next_undo.text == "Lasso"


def test_it_is_shown_while_it_is_drawn(session, tool, wait_idle):
    tool.press(Press(ROUND[0]))
    for point in ROUND[1:]:
        tool.move(Press(point))
    whole = session.image.box
    assert (tool.preview[0].over(whole) == shapes.polygon(ROUND, whole).over(whole)).all()
    assert tool.forget()
    assert not tool.preview
    tool.release(Press(ROUND[-1]))
    wait_idle()
    assert (mask(session) == UNLABELLED).all()


def test_shift_makes_a_straight_piece(session, tool, wait_idle):
    tool.press(Press((100.0, 100.0)))
    for x in range(110, 210, 10):  # however it wavers
        tool.move(Press((float(x), 100.0 + 20 * math.sin(x)), shift=True))
    tool.move(Press((200.0, 100.0), shift=True))
    tool.move(Press((200.0, 101.0)))
    tool.move(Press((200.0, 200.0)))
    tool.release(Press((100.0, 200.0)))
    wait_idle()
    assert (mask(session)[100:200, 100:200] == 1).all()
    assert np.count_nonzero(mask(session) == 1) == 100 * 100


def test_the_right_button_erases(session, tool, stroke, wait_idle):
    stroke((200, 200), diameter=300)
    drag(tool, *ROUND, erase=True)
    assert tool.previews_erasing
    wait_idle()
    assert mask(session)[200, 200] == UNLABELLED
    assert session.history.next_undo.text == "Erase"


def test_a_click_paints_nothing(session, tool, wait_idle):
    drag(tool, (100.0, 100.0))
    drag(tool, (100.0, 100.0), (140.0, 100.0))
    wait_idle()
    assert (mask(session) == UNLABELLED).all()
