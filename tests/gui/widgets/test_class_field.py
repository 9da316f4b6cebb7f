from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from segstudio.domain.classes import UNLABELLED, LabelClass
from segstudio.gui.widgets.class_field import ClassField
from segstudio.settings import Setting

CLASSES = [LabelClass(0, "background", (1, 2, 3)), LabelClass(7, "sign", (4, 5, 6))]


def made(qtbot, high, default=0, classes=CLASSES):
    setting = Setting("becomes", "Becomes", "int", default, low=0, high=high)
    field = ClassField(setting, "f", lambda: classes)
    qtbot.addWidget(field)
    return field


def offered(field):
    return [field.box.itemText(place) for place in range(field.box.count())]


def test_classes_are_offered_and_unlabelled_where_that_may_be(qtbot):
    assert offered(made(qtbot, 254)) == ["background", "sign"]
    field = made(qtbot, 255, UNLABELLED)
    assert offered(field) == ["background", "sign", "unlabelled"]
    assert field.box.currentText() == "unlabelled"
    assert field.value() == UNLABELLED


def test_a_choice_is_its_number(qtbot):
    field = made(qtbot, 254)
    with qtbot.waitSignal(field.changed):
        QTest.keyClick(field.box, Qt.Key.Key_Down)
    assert field.value() == 7
    field.set_value(0)
    assert field.box.currentText() == "background"


def test_a_class_that_is_gone_is_said_and_kept(qtbot):
    classes = list(CLASSES)
    field = made(qtbot, 254, 7, classes)
    classes.pop()
    field.box.showPopup()
    field.box.hidePopup()
    assert offered(field) == ["background", "no class 7"]
    assert field.value() == 7
