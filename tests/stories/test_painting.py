"""A person labels by hand."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLineEdit

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.records import State


@pytest.fixture(autouse=True)
def ready(studio):
    studio.open("facade-01.jpg").choose_class("sign").choose_tool("brush").brush(20)


def test_a_drag_paints_one_stroke(studio, way):
    points = (100, 100), (200, 120), (150, 220)
    studio.drag(*points)
    assert ((studio.mask == 1) == way(*points, diameter=20)).mean() > 0.999
    assert studio.session.history.next_undo.text == "Brush"
    studio.trigger("undo")
    assert (studio.mask == UNLABELLED).all()
    studio.trigger("redo")
    assert studio.mask[110, 150] == 1


def test_the_eraser_and_right_drag_and_alt_erase(studio):
    for n, how in enumerate(({"button": "right"}, {"alt": True}, {})):
        studio.drag((100, 100), (200, 100))
        if not how:
            studio.key("E")
            assert studio.session.view.tool == "eraser"
        studio.drag((150, 80), (150, 120), **how)
        assert studio.mask[100, 150] == UNLABELLED, n
        assert studio.mask[100, 110] == 1
        assert studio.session.history.next_undo.text == "Erase"
    studio.key("B")
    assert studio.session.view.tool == "brush"


def test_shift_draws_a_straight_line_from_the_last_stroke(studio):
    studio.click(100, 100)
    studio.click(300, 100, shift=True)
    studio.click(300, 300, shift=True)
    assert (studio.mask[100, 100:300] == 1).all()
    assert (studio.mask[100:300, 300] == 1).all()
    assert studio.mask[200, 200] == UNLABELLED
    studio.key("Ctrl+Z")
    assert studio.mask[200, 300] == UNLABELLED
    assert studio.mask[100, 200] == 1


def test_l_picks_the_class_under_the_cursor(studio):
    studio.click(100, 100).choose_class("window")
    studio.move(100, 100).key("L")
    assert studio.session.view.active_class == 1
    studio.choose_class("window").move(300, 300).key("L")  # nothing is painted there
    assert studio.session.view.active_class == 2


def test_undo_and_redo_by_their_keys(studio):
    studio.drag((100, 100), (200, 100))
    studio.drag((100, 200), (200, 200))
    studio.key("Ctrl+Z").key("Ctrl+Z")
    assert (studio.mask == UNLABELLED).all()
    studio.key("Ctrl+Shift+Z").key("Ctrl+Y")
    assert studio.mask[100, 150] == studio.mask[200, 150] == 1


def test_brackets_change_the_size(studio):
    studio.key("]")
    assert studio.session.view.brush == 22
    studio.key("[").key("[")
    assert studio.session.view.brush == 18
    studio.brush(1).key("[")
    assert studio.session.view.brush == 1


def test_digits_choose_the_class_by_its_number_and_x_swaps_with_the_first(studio):
    view = studio.session.view
    studio.key("2")
    assert view.active_class == 2
    studio.key("X")
    assert view.active_class == 0
    studio.drag((100, 100), (120, 100))
    assert studio.mask[100, 110] == 0
    studio.key("X")
    assert view.active_class == 2
    studio.key("9")
    assert view.active_class == 2


def test_a_locked_class_is_not_painted_over(studio):
    studio.drag((100, 100), (200, 100))
    lock = studio.window.findChild(object, "class_lock_1")
    lock.click()
    studio.choose_class("window").drag((150, 50), (150, 150))
    assert studio.mask[100, 150] == 1
    assert studio.mask[60, 150] == 2
    studio.drag((110, 100), (120, 100), button="right")
    assert studio.mask[100, 115] == 1


def test_masks_are_hidden_outlined_and_peeked_under(studio):
    view = studio.session.view
    studio.key("V")
    assert not view.overlay
    assert not studio.window.actions_by_name.by_name["overlay"].isChecked()
    studio.key("V").key("O")
    assert view.overlay
    assert view.outlines
    handle = studio.window.windowHandle()
    for kind, peeking in ((QEvent.Type.KeyPress, True), (QEvent.Type.KeyRelease, False)):
        event = QKeyEvent(kind, Qt.Key.Key_H, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(handle, event)
        assert view.peeking == peeking


def test_canvas_keys_rest_while_text_is_typed(studio):
    search = studio.window.findChild(QLineEdit, "images_search")
    search.setFocus()
    studio.key("E").key("2")
    assert search.text().lower() == "e2"
    assert studio.session.view.tool == "brush"
    assert studio.session.view.active_class == 1
    search.clear()
    studio.window.canvas.setFocus()
    studio.key("E")
    assert studio.session.view.tool == "eraser"


def test_esc_gives_up_a_stroke_in_progress(studio):
    move, press = QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress
    canvas = studio.window.canvas
    QApplication.sendEvent(canvas, studio.mouse_event(press, (100, 100)))
    QApplication.sendEvent(canvas, studio.mouse_event(move, (200, 100)))
    studio.key("Esc")
    QApplication.sendEvent(canvas, studio.mouse_event(QEvent.Type.MouseButtonRelease, (200, 100)))
    assert (studio.mask == UNLABELLED).all()
    assert studio.session.history.next_undo.text == "Add pictures" or (
        studio.session.history.next_undo.text.startswith("Add")
    )


def test_strokes_are_exact_at_every_zoom(studio, way):
    expected = np.zeros(studio.mask.shape, bool)
    view = studio.window.canvas.view
    for n, zoom in enumerate((0.3, 1.0, 2.5)):
        view.set_zoom(zoom)
        view.centre_on((250, 200 + 10 * n))
        points = (200.0, 180.0 + 20 * n), (300.0, 190.0 + 20 * n)
        studio.drag(*points)
        expected |= way(*points, diameter=20)
    assert ((studio.mask == 1) != expected).sum() < 12


def test_a_stroke_puts_the_picture_in_work_and_m_marks_it_reviewed(studio):
    studio.drag((100, 100), (200, 100))
    assert studio.session.image.state == State.IN_WORK
    studio.key("M")
    assert studio.session.image.state == State.REVIEWED
    studio.key("M")
    assert studio.session.image.state == State.IN_WORK
    studio.key("Ctrl+Z").key("Ctrl+Z").key("Ctrl+Z")
    assert studio.session.image.state == State.UNLABELLED


def test_pictures_are_turned_by_keys(studio):
    names = [image.name for image in studio.session.images.values()]
    studio.key("D").wait_idle()
    assert studio.session.image.name == names[1]
    studio.key("A").wait_idle()
    assert studio.session.image.name == names[0]
    studio.open(names[1]).key("M")
    studio.open(names[0]).key("Shift+D").wait_idle()
    assert studio.session.image.name == names[2]


def test_each_picture_has_its_own_mask(studio):
    studio.drag((100, 100), (200, 100))
    studio.open("facade-02.jpg")
    assert (studio.mask == UNLABELLED).all()
    studio.choose_class("window").drag((100, 100), (200, 100))
    studio.open("facade-01.jpg")
    assert studio.mask[100, 150] == 1
    studio.trigger("undo").wait_idle()
    assert studio.session.image.name == "facade-02.jpg"
    assert (studio.mask == UNLABELLED).all()
