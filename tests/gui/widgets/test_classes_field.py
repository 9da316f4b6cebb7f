import pytest

from segstudio.domain.classes import LabelClass
from segstudio.gui.widgets.classes_field import ClassesField
from segstudio.settings import Setting

CLASSES = [
    LabelClass(0, "background", (1, 2, 3)),
    LabelClass(7, "a very long name of a class", (4, 5, 6)),
]


@pytest.fixture
def field(qtbot):
    made = ClassesField(Setting("classes", "Classes", "int", (), many=True), "f", lambda: CLASSES)
    qtbot.addWidget(made)
    made.resize(400, 30)
    made.show()
    return made


def actions(field):
    field.menu.aboutToShow.emit()
    return {action.text(): action for action in field.menu.actions()}


def test_none_chosen_stands_for_all(field):
    assert field.value() == ()
    assert field.choose.text() == "All classes"


def test_classes_are_chosen_by_name(qtbot, field):
    with qtbot.waitSignal(field.changed):
        actions(field)["a very long name of a class"].trigger()
    with qtbot.waitSignal(field.changed):
        actions(field)["background"].trigger()
    assert field.value() == (0, 7)
    assert field.choose.text().startswith("background, a very")
    assert actions(field)["background"].isChecked()
    actions(field)["a very long name of a class"].trigger()
    assert field.value() == (0,)
    assert field.choose.text() == "background"


def test_a_narrow_button_shortens_and_its_tip_has_all(field):
    field.set_value((7, 99))
    field.resize(120, 30)
    assert field.choose.text().endswith("…")
    assert "a very long name of a class, 99" in field.choose.toolTip()
