"""Line, rectangle and ellipse."""

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.tiles import Layer
from segstudio.gui.canvas.viewport import Viewport
from segstudio.gui.tools import outline
from segstudio.gui.tools.builtin.brush import Brush
from segstudio.gui.tools.builtin.ellipse import Ellipse
from segstudio.gui.tools.builtin.lasso import Lasso
from segstudio.gui.tools.builtin.line import Line
from segstudio.gui.tools.builtin.polygon import Polygon
from segstudio.gui.tools.builtin.rectangle import Rectangle
from segstudio.gui.tools.constraints import mirrored, squared
from segstudio.gui.tools.outline import polygon
from segstudio.gui.tools.tool import Press
from segstudio.interactive import shapes

A, B = (100.0, 80.0), (220.0, 150.0)


@pytest.fixture(autouse=True)
def first_class(session):
    session.view.choose_class(1)
    session.view.set_brush(12)


def mask(session):
    return session.read(Layer.MASK, session.image.box)


def drag(tool, *points, **held):
    tool.press(Press(points[0], **held))
    for point in points[1:]:
        tool.move(Press(point, **held))
    tool.release(Press(points[-1], **held))


DRAWN = {
    Rectangle: lambda a, b, box: shapes.rectangle(a, b, box),
    Ellipse: lambda a, b, box: shapes.ellipse(a, b, box),
    Line: lambda a, b, box: shapes.line(a, b, 12, box),
}


@pytest.mark.parametrize("kind", DRAWN)
def test_a_drag_paints_the_shape_between_its_ends(session, context, kind, wait_idle):
    tool = kind(context)
    drag(tool, A, (300.0, 300.0), B)
    wait_idle()
    whole = session.image.box
    expected = DRAWN[kind](A, B, whole).over(whole)
    assert expected.any()
    assert ((mask(session) == 1) == expected).all()
    assert session.history.next_undo.text == tool.title
    assert not tool.preview
    after = mask(session)
    session.undo()
    wait_idle()
    assert (mask(session) == UNLABELLED).all()
    session.redo()
    wait_idle()
    assert (mask(session) == after).all()


@pytest.mark.parametrize("kind", DRAWN)
def test_what_is_previewed_is_what_is_painted(session, context, kind, wait_idle):
    tool = kind(context)
    tool.press(Press(A))
    tool.move(Press(B))
    whole = session.image.box
    shown = np.zeros(whole.shape, bool)
    for patch in tool.preview:
        shown |= patch.over(whole)
    tool.release(Press(B))
    assert tool.preview  # until it is painted
    wait_idle()
    assert ((mask(session) == 1) == shown).all()


@pytest.mark.parametrize("kind", DRAWN)
def test_erasing_takes_away_what_lies_under_it(session, context, kind, wait_idle, stroke):
    stroke((160, 115), diameter=300)
    tool = kind(context)
    tool.press(Press(A, erase=True))
    tool.move(Press(B, erase=True))
    assert tool.previews_erasing
    tool.release(Press(B))
    wait_idle()
    whole = session.image.box
    assert (mask(session)[DRAWN[kind](A, B, whole).over(whole)] == UNLABELLED).all()
    assert session.history.next_undo.text == "Erase"
    drag(tool, A, B)
    wait_idle()
    assert session.history.next_undo.text == tool.title


def test_shift_makes_squares_circles_and_lines_of_45_degrees(session, context, wait_idle):
    drag(Rectangle(context), A, B, shift=True)
    wait_idle()
    rows, columns = np.nonzero(mask(session) == 1)
    assert (np.ptp(rows), np.ptp(columns)) == (119, 119)
    drag(Line(context), (300.0, 300.0), (400.0, 310.0), shift=True)
    wait_idle()
    line = shapes.line((300.0, 300.0), (400.0, 300.0), 12, session.image.box)
    assert (mask(session)[line.box.slices][line.region] == 1).all()
    assert (mask(session)[310:330, 350:450] == UNLABELLED).all()


def test_ctrl_begins_at_the_centre(session, context, wait_idle):
    drag(Ellipse(context), (200.0, 200.0), (230.0, 220.0), control=True)
    wait_idle()
    rows, columns = np.nonzero(mask(session) == 1)
    assert (rows.min(), rows.max() + 1) == (180, 220)
    assert (columns.min(), columns.max() + 1) == (170, 230)


def test_shapes_end_at_the_image_and_keep_locked_classes(session, context, stroke, wait_idle):
    from dataclasses import replace

    stroke((30, 30), diameter=20, value=2)
    session.change_class(replace(session.class_of(2), locked=True))
    before = mask(session) == 2
    drag(Rectangle(context), (-50.0, -50.0), (60.0, 60.0))
    wait_idle()
    found = mask(session)
    assert (found[before] == 2).all()
    assert (found[:60, :60][~before[:60, :60]] == 1).all()
    assert (found == 1).sum() == 3600 - before.sum()


def test_a_click_paints_nothing(session, context, wait_idle):
    drag(Rectangle(context), A)
    wait_idle()
    assert (mask(session) == UNLABELLED).all()


def test_esc_gives_the_shape_up(session, context, wait_idle):
    tool = Rectangle(context)
    tool.press(Press(A))
    tool.move(Press(B))
    assert tool.forget()
    assert not tool.preview
    tool.release(Press(B))
    wait_idle()
    assert (mask(session) == UNLABELLED).all()
    assert not tool.forget()


def test_a_large_shape_is_shown_by_its_line_and_painted_whole(
    session, context, wait_idle, monkeypatch
):
    monkeypatch.setattr(outline, "EXACT", 100)
    monkeypatch.setattr(shapes, "PIECE", 128)
    tool = Ellipse(context)
    tool.press(Press((10.0, 10.0)))
    tool.move(Press((690.0, 520.0)))
    assert not tool.preview
    view = Viewport()
    view.resize(350, 265)
    view.show(session.image.box)
    screen = QImage(350, 265, QImage.Format.Format_RGB32)
    screen.fill(0)
    painter = QPainter(screen)
    tool.draw(painter, view)
    painter.end()
    middle, corner = screen.pixelColor(175, 132), screen.pixelColor(30, 30)
    red, green, blue = session.class_of(1).colour
    assert abs(middle.red() - red / 2) < 3
    assert abs(middle.green() - green / 2) < 3
    assert abs(middle.blue() - blue / 2) < 3
    assert (corner.red(), corner.green(), corner.blue()) == (0, 0, 0)
    tool.release(Press((690.0, 520.0)))
    wait_idle()
    expected = shapes.ellipse((10.0, 10.0), (690.0, 520.0), session.image.box)
    assert ((mask(session) == 1) == expected.over(session.image.box)).all()


def test_the_preview_follows_the_view(session, context):
    tool = Rectangle(context)
    tool.press(Press(A))
    tool.move(Press(B))
    told = []
    context.redraw = lambda: told.append(1)
    context.in_sight = lambda: Box(0, 0, 100, 150)
    screen = QImage(20, 20, QImage.Format.Format_RGB32)
    painter = QPainter(screen)
    tool.draw(painter, Viewport())
    painter.end()
    assert told
    assert sum(patch.area for patch in tool.preview) == 20 * 50


def test_while_the_image_cannot_be_changed_nothing_begins(session, context, monkeypatch):
    monkeypatch.setattr(type(session), "editable", property(lambda self: False))
    tool = Rectangle(context)
    tool.press(Press(A))
    tool.move(Press(B))
    assert not tool.preview
    assert not tool.forget()


def test_the_line_that_is_shown_goes_round_the_pixels():
    whole = Box(0, 0, 200, 200)
    for shape in (
        outline.rectangle((10.0, 20.0), (60.0, 90.0)),
        outline.ellipse((60.0, 90.0), (10.0, 20.0)),
        outline.line((20.0, 30.0), (90.0, 70.0), 9),
        outline.line((20.0, 30.0), (20.2, 30.0), 9),
        polygon([(10.0, 10.0), (90.0, 20.0), (50.0, 99.0)]),
    ):
        patch = shape.draw(whole).tight()
        area = shape.path.boundingRect()
        assert abs(patch.box.left - area.left()) <= 1.01
        assert abs(patch.box.bottom - area.bottom()) <= 1.01
        assert patch.box.clipped(shape.box) == patch.box


def test_what_held_keys_make_of_points():
    assert squared((10, 10), (30, 5)) == (30, -10)
    assert squared((10, 10), (10, 40)) == (40, 40)
    assert mirrored((10, 10), (13, 4)) == (7, 16)


@pytest.mark.parametrize("kind", [*DRAWN, Lasso, Polygon, Brush])
def test_without_a_class_one_is_asked_for(session, context, kind, wait_idle):
    said = []
    session.said.connect(lambda text, hint: said.append(text))
    session.view.choose_class(9)
    drag(kind(context), A, B)
    wait_idle()
    assert said == ["there is no class to paint"]
    assert (mask(session) == UNLABELLED).all()
    drag(kind(context), A, B, erase=True)
    assert len(said) == 1
