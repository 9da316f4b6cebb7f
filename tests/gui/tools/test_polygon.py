import pytest
from PySide6.QtGui import QImage, QPainter

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.tiles import Layer
from segstudio.gui.canvas.viewport import Viewport
from segstudio.gui.tools.builtin.polygon import Polygon
from segstudio.gui.tools.tool import Press
from segstudio.interactive import shapes

CORNERS = [(100.0, 80.0), (220.0, 90.0), (180.0, 200.0), (90.0, 160.0)]


@pytest.fixture
def tool(session, context):
    session.view.choose_class(1)
    return Polygon(context)


def mask(session):
    return session.read(Layer.MASK, session.image.box)


def click(tool, *points, **held):
    for point in points:
        tool.press(Press(point, **held))
        tool.release(Press(point, **held))


def painted(session, corners, value=1):
    whole = session.image.box
    return ((mask(session) == value) == shapes.polygon(corners, whole).over(whole)).all()


def test_enter_closes_it(session, tool, wait_idle):
    click(tool, *CORNERS)
    assert tool.preview
    assert (mask(session) == UNLABELLED).all()
    assert tool.finish()
    wait_idle()
    assert painted(session, CORNERS)
    assert session.history.next_undo.text == "Polygon"
    assert not tool.finish()
    assert not tool.preview


def test_a_click_on_the_first_corner_closes_it(session, tool, wait_idle):
    click(tool, *CORNERS, (103.0, 82.0))
    wait_idle()
    assert painted(session, CORNERS)
    assert not tool.corners


def test_a_double_click_closes_it_where_it_is(session, tool, wait_idle):
    click(tool, *CORNERS)
    tool.double(Press(CORNERS[-1]))
    wait_idle()
    assert painted(session, CORNERS)


def test_a_corner_can_be_dragged_before_it_is_closed(session, tool, wait_idle):
    click(tool, *CORNERS)
    tool.press(Press((222.0, 91.0)))
    tool.move(Press((260.0, 40.0)))
    tool.release(Press((260.0, 40.0)))
    assert tool.corners == [CORNERS[0], (260.0, 40.0), *CORNERS[2:]]
    tool.press(Press(CORNERS[0]))  # the first one, too: a drag does not close
    tool.move(Press((50.0, 50.0)))
    tool.release(Press((50.0, 50.0)))
    moved = [(50.0, 50.0), (260.0, 40.0), *CORNERS[2:]]
    assert tool.corners == moved
    tool.finish()
    wait_idle()
    assert painted(session, moved)


def test_esc_during_a_drag_puts_the_corner_back_and_then_drops_all(session, tool):
    click(tool, *CORNERS)
    tool.press(Press(CORNERS[1]))
    tool.move(Press((300.0, 300.0)))
    tool.cancel()
    assert tool.corners == CORNERS
    assert tool.forget()
    assert tool.corners == []
    assert not tool.preview
    assert not tool.forget()


def test_backspace_takes_the_last_corner_back(tool):
    click(tool, *CORNERS)
    assert tool.back()
    assert tool.corners == CORNERS[:3]
    for _ in range(3):
        assert tool.back()
    assert not tool.back()
    assert not tool.preview


def test_the_side_to_the_cursor_is_shown_before_it_is_set(tool):
    click(tool, *CORNERS[:2])
    assert not tool.preview
    tool.hover(Press(CORNERS[2]))
    assert tool.preview
    tool.hover(None)
    assert not tool.preview


def test_shift_lays_a_side_at_45_degrees(tool):
    click(tool, CORNERS[0])
    click(tool, (200.0, 90.0), shift=True)
    assert tool.corners[1] == pytest.approx((200.0, 80.0))


def test_two_corners_are_no_polygon(session, tool):
    said = []
    session.said.connect(lambda text, hint: said.append(text))
    click(tool, *CORNERS[:2])
    assert tool.finish()
    assert said == ["a polygon needs three corners"]
    assert tool.corners == CORNERS[:2]


def test_it_may_cross_itself_and_leave_the_image(session, tool, wait_idle):
    bow = [(-30.0, 50.0), (100.0, 150.0), (100.0, 50.0), (-30.0, 150.0)]
    click(tool, *bow)
    tool.finish()
    wait_idle()
    assert painted(session, bow)
    assert mask(session)[100, 90] == 1
    assert mask(session)[60, 50] == UNLABELLED


def test_begun_with_the_right_button_it_erases(session, tool, stroke, wait_idle):
    stroke((150, 130), diameter=300)
    click(tool, CORNERS[0], erase=True)
    click(tool, *CORNERS[1:])
    assert tool.previews_erasing
    tool.finish()
    wait_idle()
    inside = shapes.polygon(CORNERS, session.image.box)
    assert (mask(session)[inside.box.slices][inside.region] == UNLABELLED).all()
    assert session.history.next_undo.text == "Erase"


def test_how_near_a_corner_is_taken_depends_on_the_zoom(session, tool):
    click(tool, *CORNERS[:3])
    view = Viewport()
    view.resize(350, 265)
    view.show(session.image.box)
    view.set_zoom(4)
    screen = QImage(350, 265, QImage.Format.Format_RGB32)
    painter = QPainter(screen)
    tool.draw(painter, view)
    painter.end()
    click(tool, (105.0, 80.0))
    assert len(tool.corners) == 4
