import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.tiles import Layer

RIGHT, MIDDLE = Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton


def mask(session):
    return session.read(Layer.MASK, session.image.box)


def wheel(canvas, at, delta, modifiers=Qt.KeyboardModifier.NoModifier):
    event = QWheelEvent(
        at, canvas.mapToGlobal(at), QPoint(), QPoint(0, delta), Qt.MouseButton.NoButton,
        modifiers, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(canvas, event)


@pytest.fixture(autouse=True)
def painting(session, canvas, wait_idle):
    session.view.choose_class(1)
    session.view.set_brush(20)
    yield
    wait_idle()


def test_a_drag_paints_and_a_right_drag_erases(session, drag):
    drag((100, 100), (200, 100))
    assert mask(session)[100, 150] == 1
    drag((150, 50), (150, 150), button=RIGHT)
    assert mask(session)[100, 150] == UNLABELLED
    assert mask(session)[100, 120] == 1
    assert [e.text for e in session.history.entries[2:]] == ["Brush", "Erase"]


def test_another_button_during_a_drag_does_not_end_it(session, mouse):
    mouse("press", (100, 100))
    mouse("press", (100, 100), button=RIGHT)
    mouse("move", (200, 100))
    mouse("release", (200, 100), button=RIGHT)
    assert session.draft is not None
    mouse("release", (200, 100))
    assert session.draft is None
    assert mask(session)[100, 150] == 1


def test_the_middle_button_pans_and_paints_nothing(session, canvas, drag):
    canvas.view.set_zoom(2.0)
    before = canvas.view.to_image(QPointF(0, 0))
    drag((300, 300), (260, 280), button=MIDDLE)
    assert canvas.view.to_image(QPointF(0, 0)) != before
    assert (mask(session) == UNLABELLED).all()


def test_space_pans_with_the_left_button(session, canvas, mouse):
    canvas.view.set_zoom(2.0)
    assert canvas.hold(Qt.Key.Key_Space, True)
    mouse("press", (100, 100), view=True)
    mouse("move", (140, 90), view=True)
    under = canvas.view.to_image(QPointF(140, 90))
    mouse("move", (200, 200), view=True)
    assert canvas.view.to_image(QPointF(200, 200)) == pytest.approx(under)
    mouse("release", (200, 200), view=True)
    canvas.hold(Qt.Key.Key_Space, False)
    assert (mask(session) == UNLABELLED).all()
    assert not canvas.hold(Qt.Key.Key_A, True)


def test_panning_redraws_only_once_per_move_and_tells(canvas, drag):
    told = []
    canvas.view_changed.connect(lambda: told.append(1))
    canvas.view.set_zoom(2.0)
    drag((300, 300), (260, 280), (240, 200), button=MIDDLE)
    assert len(told) == 2


def test_the_wheel_zooms_at_the_cursor(canvas):
    at = QPointF(222, 111)
    canvas.view.set_zoom(1.0)
    under, zoom = canvas.view.to_image(at), canvas.view.zoom
    wheel(canvas, at, 120)
    assert canvas.view.zoom == pytest.approx(zoom * 1.2)
    assert canvas.view.to_image(at) == pytest.approx(under)
    wheel(canvas, at, -240)
    assert canvas.view.zoom == pytest.approx(zoom / 1.2)


def test_control_shift_and_wheel_change_the_brush(session, canvas):
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    zoom = canvas.view.zoom
    wheel(canvas, QPointF(100, 100), 120, both)
    assert session.view.brush == 22
    wheel(canvas, QPointF(100, 100), -120, both)
    assert session.view.brush == 20
    assert canvas.view.zoom == zoom


def test_the_cursor_is_told_in_pixels_of_the_image(canvas, mouse):
    told = []
    canvas.hovered.connect(told.append)
    mouse("move", (123.5, 45.5), button=Qt.MouseButton.NoButton)
    assert told[0] == pytest.approx((123.5, 45.5))
    canvas.leaveEvent(QEvent(QEvent.Type.Leave))
    assert told[1] is None


def test_a_stroke_can_be_given_up(session, canvas, mouse):
    assert not canvas.cancel_stroke()
    mouse("press", (100, 100))
    mouse("move", (200, 100))
    assert canvas.cancel_stroke()
    mouse("move", (300, 100))
    mouse("release", (300, 100))
    assert (mask(session) == UNLABELLED).all()
    assert session.history.next_undo.text == "Add"


def test_another_tool_gives_up_the_stroke(session, mouse):
    mouse("press", (100, 100))
    session.view.choose_tool("eraser")
    mouse("release", (200, 100))
    assert (mask(session) == UNLABELLED).all()
    assert session.draft is None


def test_opening_another_image_in_a_stroke_ends_it(session, mouse, open_image):
    mouse("press", (100, 100))
    mouse("move", (200, 100))
    open_image(2)
    mouse("move", (90, 90))
    mouse("release", (90, 90))
    assert (mask(session) == UNLABELLED).all()
    open_image(1)
    assert mask(session)[100, 150] == 1


def test_the_size_ring_follows_zoom_and_brush(session, canvas, mouse):
    canvas.view.set_zoom(1.0)
    mouse("move", (100, 100), button=Qt.MouseButton.NoButton)
    assert canvas.pointer.ring().width() == pytest.approx(20)
    canvas.view.set_zoom(2.0)
    session.view.set_brush(30)
    assert canvas.pointer.ring().width() == pytest.approx(60)
    canvas.hold(Qt.Key.Key_Space, True)
    assert canvas.pointer.ring() is None
    canvas.hold(Qt.Key.Key_Space, False)


def test_every_zoom_paints_where_the_mouse_is(session, canvas, drag):
    session.view.set_brush(1)
    for n, zoom in enumerate([0.2, 0.5, 1.0, 3.7, 20.0]):
        canvas.view.set_zoom(zoom)
        canvas.view.centre_on((350, 265))
        x, y = 350 + n * 3, 265
        drag((x + 0.5, y + 0.5))
        assert np.argwhere(mask(session) == 1).tolist() == [
            [265, 350 + k * 3] for k in range(n + 1)
        ]


def test_a_tool_draws_and_what_it_shows_goes_with_the_tool_and_the_image(
    session, canvas, drag, open_image
):
    session.view.choose_tool("ruler")
    before = canvas.grab().toImage()
    drag((100, 100), (400, 300))
    canvas.pointer.go(None)
    ruler = canvas.tool
    assert ruler.line is not None
    assert canvas.grab().toImage() != before
    assert (mask(session) == UNLABELLED).all()
    assert canvas.cancel_stroke()
    assert not canvas.cancel_stroke()
    assert canvas.grab().toImage() == before
    drag((100, 100), (400, 300))
    session.view.choose_tool("brush")
    assert ruler.line is None
    session.view.choose_tool("ruler")
    drag((100, 100), (200, 150))
    open_image(2)
    assert ruler.line is None


def test_resizing_in_a_stroke_does_not_end_it(session, canvas, mouse):
    mouse("press", (100, 100))
    canvas.resize(600, 440)
    mouse("move", (200, 100))
    mouse("release", (200, 100))
    assert mask(session)[100, 150] == 1


def test_a_change_in_many_places_is_drawn_again_at_once(session, canvas, monkeypatch):
    asked = []
    monkeypatch.setattr(canvas, "update", lambda *area: asked.append(area))
    boxes = [Box(n, n, n + 5, n + 5) for n in range(100)]
    session.layer_changed.emit(Layer.MASK, boxes)
    assert asked == [()]
