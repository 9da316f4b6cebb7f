"""What every tool must do, whichever there are."""

import pytest

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.tiles import Layer
from segstudio.gui.tools.tool import Press, in_order, tools


@pytest.fixture(params=sorted(tools))
def tool(request, context):
    return tools[request.param](context)


def mask(session):
    return session.read(Layer.MASK, session.image.box)


def test_a_tool_says_what_it_is(tool):
    assert tool.title
    assert tool.icon
    assert tool.hint
    assert len(tool.key) == 1
    assert isinstance(tool.sized, bool)


def test_keys_and_places_are_used_once():
    found = [tools[name] for name in tools]
    assert len({tool.key for tool in found}) == len(found)
    assert len({tool.order for tool in found}) == len(found)
    assert in_order()[:2] == ["brush", "eraser"]


def test_a_drag_is_at_most_one_edit(tool, session):
    session.view.choose_class(1)
    before = len(session.history.entries)
    tool.press(Press((100, 100)))
    tool.move(Press((150, 130)))
    tool.release(Press((200, 100)))
    assert len(session.history.entries) - before <= 1
    assert session.draft is None


def test_cancelling_leaves_the_mask_as_it_was(tool, session):
    before = mask(session)
    session.view.choose_class(1)
    tool.press(Press((100, 100)))
    tool.move(Press((150, 130)))
    tool.cancel()
    tool.release(Press((200, 100)))
    assert (mask(session) == before).all()
    assert session.draft is None


def test_moving_and_releasing_without_a_press_does_nothing(tool, session):
    tool.move(Press((100, 100)))
    tool.release(Press((120, 100)))
    assert (mask(session) == UNLABELLED).all()


def test_a_drag_outside_the_image_does_nothing(tool, session):
    tool.press(Press((-500, -500)))
    tool.release(Press((-400, -500)))
    assert (mask(session) == UNLABELLED).all()


def test_without_an_image_nothing_happens(tool, session):
    session.close_image()
    tool.press(Press((100, 100)))
    tool.move(Press((120, 100)))
    tool.release(Press((120, 100)))
    assert session.history.next_undo.text == "Add"
