import math

import cv2
import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.tiles import Layer
from segstudio.gui.canvas.viewport import Viewport
from segstudio.gui.tools.builtin.scissors import Scissors
from segstudio.gui.tools.tool import Press
from segstudio.interactive.livewire import LiveWire

WAIT = 20_000
CENTRE, RADIUS = (170.0, 220.0), 90


def on_edge(angle, away=0.0):
    x, y = CENTRE
    reach = RADIUS + 0.5 + away
    return x + 0.5 + reach * math.cos(angle), y + 0.5 + reach * math.sin(angle)


@pytest.fixture
def disc(session):
    """Draw a disc into the picture; return which pixels are its."""
    path = session.project.path_of(session.image)
    pixels = cv2.imread(str(path))
    place = int(CENTRE[0]), int(CENTRE[1])
    cv2.circle(pixels, place, RADIUS, (60, 120, 230), -1)
    noisy = pixels + np.random.default_rng(0).normal(0, 4, pixels.shape)
    cv2.imwrite(str(path), noisy.clip(0, 255).astype(np.uint8))
    inside = np.zeros(pixels.shape[:2], np.uint8)
    cv2.circle(inside, place, RADIUS, 1, -1)
    return inside.astype(bool)


@pytest.fixture
def tool(qtbot, session, disc, pictured):
    session.view.choose_class(1)
    tool = Scissors(pictured)
    session.view.choose_tool("scissors")
    qtbot.waitUntil(lambda: tool.prepared, timeout=WAIT)
    return tool


@pytest.fixture
def click(qtbot, tool):
    def click(*points, wait=True, **held):
        for point in points:
            tool.press(Press(point, **held))
            tool.release(Press(point, **held))
            if wait:
                qtbot.waitUntil(lambda: tool.prepared, timeout=WAIT)

    return click


def mask(session):
    return session.read(Layer.MASK, session.image.box)


def iou(a, b):
    return (a & b).sum() / (a | b).sum()


CORNERS = [on_edge(n * math.pi / 2, away) for n, away in enumerate((3.0, -2.0, 2.0, -3.0))]


def test_clicks_snap_to_the_edge_and_the_line_keeps_to_it(tool, click):
    click(CORNERS[0])
    (start,) = tool.points
    assert abs(math.dist(start, CENTRE) - RADIUS) < 2
    tool.hover(Press(on_edge(math.pi / 2)))
    way = tool.live()
    away = [abs(math.hypot(x - CENTRE[0], y - CENTRE[1]) - RADIUS) for x, y in way[:-3]]
    assert len(way) > 100
    assert max(away) < 4


@pytest.mark.parametrize("how", ["enter", "double", "start"])
def test_closing_paints_the_inside_as_one_edit(session, tool, click, disc, wait_idle, how):
    click(*CORNERS)
    before = len(session.history.entries)
    if how == "enter":
        assert tool.finish()
    elif how == "double":
        tool.double(Press(CORNERS[-1]))
    else:
        click(tool.points[0], wait=False)
    assert not tool.begun
    wait_idle()
    assert len(session.history.entries) == before + 1
    assert session.history.next_undo.text == "Scissors"
    painted = mask(session) == 1
    assert iou(painted, disc) > 0.95
    session.undo()
    assert (mask(session) == UNLABELLED).all()
    session.redo()
    assert ((mask(session) == 1) == painted).all()


def test_clicks_faster_than_the_ways_still_follow_the_edge(session, tool, click, disc, wait_idle):
    click(*CORNERS, wait=False)
    wait_idle()
    assert min(len(way) for way in tool.ways) > 100
    assert tool.finish()
    wait_idle()
    assert iou(mask(session) == 1, disc) > 0.95


def test_clicks_before_the_edges_are_known(session, disc, pictured, wait_idle):
    session.view.choose_class(1)
    session.view.choose_tool("scissors")
    tool = Scissors(pictured)
    for corner in (on_edge(n * math.pi / 2) for n in range(4)):
        tool.press(Press(corner))
    wait_idle()
    tool.finish()
    wait_idle()
    assert iou(mask(session) == 1, disc) > 0.95


def test_backspace_steps_back_and_esc_drops(qtbot, session, tool, click):
    click(*CORNERS[:3])
    before = len(session.history.entries)
    assert tool.back()
    assert len(tool.points) == 2
    qtbot.waitUntil(lambda: tool.prepared, timeout=WAIT)
    tool.hover(Press(on_edge(math.pi)))
    assert len(tool.live()) > 50
    assert tool.forget()
    assert not tool.points
    assert not tool.back()
    assert not tool.forget()
    assert not tool.finish()
    assert len(session.history.entries) == before


def test_shift_goes_straight(session, tool, click, wait_idle):
    click((50.0, 400.0))
    click((250.0, 400.0), (250.0, 500.0), (50.0, 500.0), shift=True)
    points = tool.points
    tool.press(Press(points[0]))
    wait_idle()
    found = mask(session) == 1
    assert found[450, 100:240].all()
    assert abs(int(found.sum()) - 200 * 100) < 3000


def test_right_click_on_the_start_erases_the_inside(session, tool, click, stroke, disc, wait_idle):
    stroke(CENTRE, CENTRE, diameter=400, value=2)
    click(*CORNERS)
    tool.press(Press(tool.points[0], erase=True))
    wait_idle()
    assert (mask(session)[disc] == UNLABELLED).mean() > 0.95
    assert (mask(session) == 2).sum() > 10_000


def test_one_point_has_no_inside(session, tool, click):
    click(CORNERS[0])
    assert tool.finish()
    assert tool.points
    assert not session.jobs.jobs


def test_an_outline_begins_inside_the_picture(tool, click):
    click((-50.0, 100.0), wait=False)
    assert not tool.begun


def test_the_view_that_moves_is_looked_at_again_when_it_rests(qtbot, session, disc, pictured):
    sight = [Box(0, 0, 200, 200)]
    pictured.in_sight = lambda: sight[0]
    session.view.choose_tool("scissors")
    tool = Scissors(pictured)
    session.view.choose_tool("brush")
    session.view.choose_tool("scissors")
    qtbot.waitUntil(lambda: tool.prepared, timeout=WAIT)
    sight[0] = Box(200, 300, 500, 700)
    assert not tool.prepared
    tool.hover(Press((400.0, 400.0)))
    qtbot.waitUntil(lambda: tool.prepared, timeout=WAIT)


def test_edges_are_made_ready_only_in_hand(qtbot, session, disc, pictured, monkeypatch):
    made = []
    monkeypatch.setattr(LiveWire, "__init__", lambda *_: made.append(1))
    tool = Scissors(pictured)
    tool.hover(Press((100.0, 100.0)))
    qtbot.wait(200)
    assert not made


def test_a_deleted_class_and_another_image_take_the_outline_along(
    session, tool, click, open_image, wait_idle
):
    click(*CORNERS[:2])
    open_image(2)
    tool.forget()
    wait_idle()
    assert not tool.points
    tool.press(Press((50.0, 50.0)))
    wait_idle()
    from segstudio.domain.edit import Edit, RowChange
    from segstudio.domain.records import class_row

    row = RowChange("classes", 1, class_row(session.class_of(1)), None)
    session.apply(Edit("Delete class", rows=(row,)))
    assert not tool.points


def test_it_is_drawn(tool, click):
    click(*CORNERS[:3])
    tool.hover(Press(tool.points[0]))
    view = Viewport()
    view.resize(700, 530)
    view.show(Box(0, 0, 530, 700))
    screen = QImage(700, 530, QImage.Format.Format_RGB32)
    screen.fill(0)
    painter = QPainter(screen)
    tool.draw(painter, view)
    painter.end()
    inside = view.to_view(*CENTRE)
    assert screen.pixel(int(inside.x()), int(inside.y())) & 0xFFFFFF  # what would be painted
