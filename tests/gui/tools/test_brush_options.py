from dataclasses import replace

import numpy as np
import pytest

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.tiles import Layer
from segstudio.gui.loading import PictureLoader
from segstudio.gui.tools import colours
from segstudio.gui.tools.builtin.brush import Brush
from segstudio.gui.tools.builtin.eraser import Eraser
from segstudio.gui.tools.context import ToolContext
from segstudio.gui.tools.tool import Press
from segstudio.interactive.shapes import square

WAIT = 20_000
EDGE = 350
"""Left of it the picture is dark, right of it bright."""


@pytest.fixture
def brush(session, context):
    session.view.choose_class(1)
    session.view.set_brush(20)
    return Brush(context)


@pytest.fixture
def sight():
    """The box in sight; empty is the whole image."""
    return []


@pytest.fixture
def seeing(qtbot, session, readers, sight, open_image):
    """A context with the picture open."""

    def in_sight():
        return sight[0] if sight else session.image.box

    context = ToolContext(session, in_sight, lambda: None)
    loader = PictureLoader(session, readers)
    context.follow(loader)
    with qtbot.waitSignal(loader.picture_ready, timeout=WAIT):
        session.close_image()
        open_image(1)
    return context


@pytest.fixture
def similar(session, seeing):
    session.view.choose_class(1)
    session.view.set_brush(40)
    brush = Brush(seeing)
    brush.options = replace(brush.options, similar=True)
    return brush


def mask(session):
    return session.read(Layer.MASK, session.image.box)


def drag(tool, *points, **held):
    tool.press(Press(points[0], **held))
    for point in points[1:]:
        tool.move(Press(point, **held))
    tool.release(Press(points[-1], **held))


def test_a_square_brush_paints_squares(session, brush):
    brush.options = replace(brush.options, shape="square")
    drag(brush, (100.0, 100.0), (160.0, 130.0))
    expected = square((100.0, 100.0), (160.0, 130.0), 20, session.image.box)
    assert ((mask(session) == 1) == expected.over(session.image.box)).all()
    assert (mask(session)[90:110, 90:110] == 1).all()
    assert brush.ring(20) == (20, True)


def test_a_square_eraser_erases_squares(session, context, brush):
    drag(brush, (100.0, 100.0), (200.0, 100.0))
    eraser = Eraser(context)
    eraser.options = replace(eraser.options, shape="square")
    before = mask(session) == 1
    drag(eraser, (150.0, 100.0))
    gone = np.zeros(before.shape, bool)
    gone[90:110, 140:160] = True
    assert ((mask(session) == 1) == (before & ~gone)).all()


def test_a_pen_that_is_pressed_less_paints_thinner(session, brush):
    brush.press(Press((100.0, 100.0), pressure=0.5))
    assert brush.ring(20) == (10, False)
    brush.move(Press((200.0, 100.0), pressure=0.5))
    brush.release(Press((200.0, 100.0), pressure=0.0))
    assert brush.ring(20) == (20, False)
    rows = np.flatnonzero((mask(session) == 1)[:, 150])
    assert (rows[0], rows[-1]) == (95, 104)
    brush.options = replace(brush.options, pressure=False)
    drag(brush, (100.0, 300.0), (200.0, 300.0), pressure=0.1)
    assert np.count_nonzero(mask(session)[280:320, 150] == 1) == 20


def test_similar_paints_only_what_looks_like_where_the_stroke_began(
    qtbot, session, similar, wait_idle
):
    similar.hover(Press((EDGE - 10.0, 100.0)))
    wait_idle()
    drag(similar, (EDGE - 10.0, 100.0), (EDGE + 0.0, 150.0))
    found = mask(session) == 1
    assert found[100, EDGE - 20]
    assert found[150, EDGE - 1]
    assert not found[:, EDGE:].any()
    assert session.history.next_undo.text == "Brush"
    drag(similar, (EDGE + 10.0, 300.0))
    found = mask(session) == 1
    assert found[300, EDGE]
    assert not found[300, :EDGE].any()


def test_a_tolerance_that_is_large_enough_paints_all(session, similar, wait_idle):
    similar.options = replace(similar.options, tolerance=100)
    similar.options_changed()
    wait_idle()
    drag(similar, (EDGE - 10.0, 100.0))
    assert mask(session)[100, EDGE + 5] == 1


def test_a_stroke_before_its_pixels_are_there_is_painted_when_they_are(
    qtbot, session, similar, wait_idle
):
    before = mask(session)
    edits = len(session.history.entries)
    drag(similar, (EDGE - 10.0, 100.0), (EDGE + 0.0, 150.0))
    assert (mask(session) == before).all()
    assert session.draft is not None
    drag(similar, (EDGE + 10.0, 300.0))  # a second one, while the first still waits
    drag(similar, (EDGE - 20.0, 110.0), erase=True)  # and one that need not wait: in its turn
    wait_idle()
    found = mask(session) == 1
    assert session.draft is None
    assert len(session.history.entries) == edits + 1
    assert found[150, EDGE - 1]
    assert not found[50:200, EDGE:].any()
    assert found[300, EDGE]
    assert not found[110, EDGE - 20]
    session.undo()
    wait_idle()
    assert (mask(session) == before).all()


def test_a_stroke_that_waits_is_given_up_by_esc(qtbot, session, similar, wait_idle):
    drag(similar, (EDGE - 10.0, 100.0))
    assert similar.forget()
    assert session.draft is None
    assert not similar.forget()
    drag(similar, (EDGE + 100.0, 300.0))  # it is not made up for in the next one
    wait_idle()
    assert mask(session)[300, EDGE + 100] == 1
    assert (mask(session)[:200] == UNLABELLED).all()


def test_another_image_ends_a_stroke_that_waits(session, similar, open_image, wait_idle):
    drag(similar, (EDGE - 10.0, 100.0))
    open_image(2)
    similar.forget()
    wait_idle()
    assert session.draft is None
    assert (mask(session) == UNLABELLED).all()


def test_erasing_erases_whatever_it_looks_like(session, similar, stroke):
    stroke((EDGE - 30, 100), (EDGE + 30, 100))
    drag(similar, (EDGE - 5.0, 100.0), erase=True)
    assert mask(session)[100, EDGE + 5] == UNLABELLED


def test_a_picture_in_sight_that_is_large_is_looked_at_reduced(
    session, similar, wait_idle, monkeypatch
):
    monkeypatch.setattr(colours, "MOST", 30_000)
    similar.hover(Press((0.0, 0.0)))
    wait_idle()
    drag(similar, (EDGE - 10.0, 100.0), (EDGE - 6.0, 300.0))
    found = mask(session) == 1
    assert found[200, EDGE - 6]
    assert not found[:, EDGE + 4 :].any()


def test_what_is_out_of_sight_is_left(session, similar, sight, wait_idle):
    sight.append(Box(50, 100, 250, 300))
    similar.hover(Press((0.0, 0.0)))
    wait_idle()
    drag(similar, (290.0, 100.0), (340.0, 100.0))
    assert mask(session)[100, 300] == 1
    assert (mask(session)[:, 322:] == UNLABELLED).all()
    sight[0] = Box(50, 200, 250, 400)
    drag(similar, (330.0, 200.0))
    wait_idle()
    assert mask(session)[200, 330] == 1


def test_a_picture_that_cannot_be_read_paints_nothing_and_says_why(
    session, similar, wait_idle, monkeypatch
):
    from segstudio.errors import UserError

    said = []
    session.said.connect(lambda text, hint: said.append(text))

    def read(box, stride=1):
        raise UserError("the disk is gone")

    monkeypatch.setattr(similar._context.picture.picture, "read", read)
    drag(similar, (EDGE - 10.0, 100.0))
    wait_idle()
    drag(similar, (EDGE - 10.0, 100.0))
    wait_idle()
    assert said == ["the disk is gone"]
    assert session.draft is None
    assert (mask(session) == UNLABELLED).all()


def test_without_a_picture_similar_says_so(session, brush):
    said = []
    session.said.connect(lambda text, hint: said.append(text))
    brush.options = replace(brush.options, similar=True)
    drag(brush, (100.0, 100.0))
    assert said == ["similar pixels cannot be found: the picture is not there"]
    assert session.draft is None


def test_another_tool_lets_go_of_the_pixels(similar, wait_idle):
    similar.hover(Press((10.0, 10.0)))
    wait_idle()
    assert similar._colours.ask(1)
    similar.forget()
    assert not similar._colours.ask(1)
    wait_idle()
    assert similar._colours.ask(1)
