import numpy as np
import pytest

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.stroke import capsule
from segstudio.domain.tiles import Layer
from segstudio.gui.tools.builtin.brush import Brush
from segstudio.gui.tools.builtin.eraser import Eraser
from segstudio.gui.tools.tool import Press


@pytest.fixture
def brush(session, context):
    session.view.choose_class(1)
    session.view.set_brush(10)
    return Brush(context)


def mask(session):
    return session.read(Layer.MASK, session.image.box)


def expected(session, *points, diameter=10):
    """Return where a stroke goes: the dabs of all its pieces."""
    where = np.zeros(session.image.box.shape, bool)
    for start, end in zip(points, points[1:] or points, strict=False):
        box, region = capsule(start, end, diameter, session.image.box)
        where[box.slices] |= region
    return where


def drag(tool, *points, **held):
    tool.press(Press(points[0], **held))
    for point in points[1:]:
        tool.move(Press(point, **held))
    tool.release(Press(points[-1], **held))


def test_a_stroke_covers_its_way(session, brush):
    way = [(50.0, 50.0), (120.0, 80.0), (90.0, 200.0)]
    drag(brush, *way)
    assert ((mask(session) == 1) == expected(session, *way)).all()


def test_a_click_is_a_dab(session, brush):
    drag(brush, (50.0, 60.0))
    assert ((mask(session) == 1) == expected(session, (50.0, 60.0))).all()


def test_the_release_counts_even_without_a_move_to_it(session, brush):
    brush.press(Press((50.0, 50.0)))
    brush.release(Press((150.0, 50.0)))
    assert mask(session)[50, 100] == 1


def test_shift_draws_a_line_from_the_last_end(session, brush):
    drag(brush, (50.0, 50.0), (80.0, 50.0))
    drag(brush, (80.0, 200.0), shift=True)
    assert (
        (mask(session) == 1) == expected(session, (50.0, 50.0), (80.0, 50.0), (80.0, 200.0))
    ).all()
    session.undo()
    assert ((mask(session) == 1) == expected(session, (50.0, 50.0), (80.0, 50.0))).all()


def test_shift_without_a_last_end_is_a_dab(session, brush, open_image):
    drag(brush, (50.0, 50.0), shift=True)
    assert ((mask(session) == 1) == expected(session, (50.0, 50.0))).all()
    open_image(2)
    drag(brush, (100.0, 100.0), shift=True)
    assert ((mask(session) == 1) == expected(session, (100.0, 100.0))).all()


def test_erase_takes_away_whatever_the_class(session, brush):
    drag(brush, (50.0, 50.0), (150.0, 50.0))
    drag(brush, (100.0, 20.0), (100.0, 90.0), erase=True)
    assert (mask(session)[expected(session, (100.0, 20.0), (100.0, 90.0))] == UNLABELLED).all()
    assert session.history.next_undo.text == "Erase"
    drag(brush, (30.0, 30.0))
    assert session.history.next_undo.text == "Brush"


def test_what_a_stroke_paints_is_fixed_at_its_press(session, brush):
    brush.press(Press((50.0, 50.0)))
    session.view.choose_class(2)
    brush.move(Press((150.0, 50.0), erase=True))
    brush.release(Press((150.0, 50.0)))
    assert (mask(session)[expected(session, (50.0, 50.0), (150.0, 50.0))] == 1).all()


def test_the_eraser_erases(session, context, brush):
    drag(brush, (50.0, 50.0), (150.0, 50.0))
    drag(Eraser(context), (50.0, 50.0), (150.0, 50.0))
    assert (mask(session) == UNLABELLED).all()
    assert session.history.next_undo.text == "Erase"
