"""A person puts the classes in order while labelling."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication

from segstudio.domain.records import State
from segstudio.domain.tiles import Layer
from segstudio.store.project import Project

SIGN, WINDOW, SKY = 1, 2, 3


@pytest.fixture
def three(studio):
    """Signs and windows on all three pictures, and some sky on the last."""
    editing = studio.window.classes.editing
    assert editing.add() == SKY
    editing.change(SKY, name="sky")
    studio.choose_tool("brush").brush(30)
    for number in (1, 2, 3):
        studio.open(f"facade-0{number}.jpg")
        studio.choose_class("sign").drag((100, 100), (300, 100))
        studio.choose_class("window").drag((100, 200), (300, 200))
    studio.choose_class("sky").drag((100, 20), (300, 20))
    return studio.wait_saved().open("facade-01.jpg")


def row(studio, id):
    return studio.window.classes.rows[id]


def menu_of(studio, id):
    """Open the menu of a class with the right button."""
    place = row(studio, id).rect().center()
    event = QContextMenuEvent(
        QContextMenuEvent.Reason.Mouse, place, row(studio, id).mapToGlobal(place)
    )
    QApplication.sendEvent(row(studio, id), event)
    assert studio.window.classes.menu.isVisible()
    return studio.window.classes.menu


def merge(studio, id, name):
    menu = menu_of(studio, id)
    next(action for action in menu.merging.actions() if action.text() == name).trigger()
    menu.close()
    return studio.wait_idle()


def masks(studio):
    """Return the ids in the mask of each picture, as the disk has them."""
    project = studio.wait_saved().session.project
    return [
        set(np.unique(project.layers(image)[Layer.MASK].read(image.box)))
        for image in project.images()
    ]


def names(studio):
    return [label.name for label in studio.session.classes]


def test_signs_become_windows_and_back_and_stay_so(three):
    before = three.mask
    merge(three, SIGN, "window")
    assert names(three) == ["background", "window", "sky"]
    assert three.mask[100, 200] == three.mask[200, 200] == WINDOW
    assert masks(three) == [{2, 255}, {2, 255}, {2, 3, 255}]
    three.trigger("undo").wait_idle()
    assert np.array_equal(three.mask, before)
    assert masks(three) == [{1, 2, 255}, {1, 2, 255}, {1, 2, 3, 255}]
    three.trigger("redo").wait_idle()
    root = three.session.project.root
    three.close()
    again = Project.open(root)
    assert [label.id for label in again.classes()] == [0, 2, 3]
    assert again.shares().keys() == {2, 3}
    again.close()


def test_painting_goes_on_while_a_class_is_deleted(three):
    three.ask.answer("confirm", True)
    row(three, SIGN).setFocus()
    QTest.keyClick(row(three, SIGN), Qt.Key.Key_Delete)
    three._wait(lambda: three.ask.asked, "the question")
    for y in range(220, 420, 20):
        three.choose_class("window" if y % 40 else "sky")
        three.drag((350, y), (450, y))
        if y % 60 == 0 and three.session.class_of(SIGN) is not None:
            three.choose_class("sign").drag((350, y), (450, y))
    three.wait_idle()
    assert three.ask.asked[0][1][1].startswith("sign is on 3 pictures, ")
    assert masks(three) == [{2, 3, 255}, {2, 255}, {2, 3, 255}]
    assert (three.mask[200, 110:290] == WINDOW).all()
    assert three.mask[400, 400] in (SKY, WINDOW)
    assert three.said == []
    for _ in range(len(three.session.history.entries)):
        if SIGN in {label.id for label in three.session.classes}:
            break
        three.trigger("undo").wait_idle()
    assert SIGN in masks(three)[1]


def test_a_picture_without_its_only_class_is_not_labelled(three):
    three.open("facade-03.jpg").key("M")
    for name in ("sign", "window"):
        merge(three, next(c.id for c in three.session.classes if c.name == name), "sky")
    three.ask.answer("confirm", True)
    row(three, SKY).setFocus()
    QTest.keyClick(row(three, SKY), Qt.Key.Key_Delete)
    three.wait_idle()
    assert {image.state for image in three.session.images.values()} == {State.UNLABELLED}
    assert masks(three) == [{255}] * 3
    assert names(three) == ["background"]
    three.trigger("undo").wait_idle()
    assert three.session.image.state == State.REVIEWED


def test_the_class_that_is_painted_with_is_never_one_that_is_gone(three):
    three.choose_class("sign")
    merge(three, SIGN, "sky")
    assert three.session.view.active_class == WINDOW
    three.drag((400, 300), (420, 300)).key("X").key("X")
    three.drag((400, 340), (420, 340))
    assert masks(three)[0] == {2, 3, 255}
    assert three.mask[340, 410] == WINDOW


def test_one_class_alone_and_back_by_one_click(three, tmp_path):
    def seen():
        QApplication.processEvents()
        return three.window.canvas.grab().toImage()

    bare = three.trigger("overlay") and seen()
    three.trigger("overlay")
    everything = seen()
    assert everything != bare
    alt = Qt.KeyboardModifier.AltModifier
    QTest.mouseClick(row(three, SKY).eye, Qt.MouseButton.LeftButton, alt)
    assert seen() == bare  # there is no sky on this picture
    end = three.window.findChild(QAbstractButton, "class_solo_end")
    QTest.mouseClick(end, Qt.MouseButton.LeftButton)
    assert seen() == everything
