"""The menu of a class, and what it does: through the real panel."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication

from segstudio.domain.classes import PALETTE
from segstudio.domain.edit import Edit, RowChange
from segstudio.domain.stroke import capsule
from segstudio.gui.dialogs.ask import ScriptedAsker
from segstudio.gui.files import first_classes
from segstudio.gui.panels.class_name import ClassName
from segstudio.gui.panels.classes import ClassesPanel
from segstudio.store.project import Project


@pytest.fixture
def asker():
    return ScriptedAsker()


@pytest.fixture
def panel(session, asker, show):
    return show(ClassesPanel(session, asker))


def press(panel, name):
    found = panel.findChild(QAbstractButton, name)
    assert found is not None, name
    QTest.mouseClick(found, Qt.MouseButton.LeftButton)


def type_name(panel, id, text, key=Qt.Key.Key_Return):
    field = panel.findChild(ClassName, f"class_name_{id}")
    assert field.editing
    QTest.keyClicks(field, text)
    QTest.keyClick(field, key)


def order(session):
    return [each.id for each in session.classes]


def pick(panel, name):
    """Choose an entry of the menu that is open."""
    action = next(
        a
        for menu in (panel.menu, panel.menu.merging, panel.menu.starting)
        for a in menu.actions()
        if a.objectName() == f"action_class_{name}"
    )
    assert action.isEnabled(), name
    action.trigger()
    panel.menu.close()


def open_menu(panel, id):
    place = panel.rows[id].rect().center()
    event = QContextMenuEvent(
        QContextMenuEvent.Reason.Mouse, place, panel.rows[id].mapToGlobal(place)
    )
    QApplication.sendEvent(panel.rows[id], event)
    assert panel.menu.isVisible()


def test_the_menu_does_what_the_row_does(qtbot, panel, session, asker):
    asker.answer("choose_colour", (1, 2, 3))
    for name in ("hide", "lock", "solo", "colour", "up"):
        open_menu(panel, 2)
        pick(panel, name)
    label = session.class_of(2)
    assert (label.visible, label.locked, label.colour) == (False, True, (1, 2, 3))
    assert session.view.solo == session.view.active_class == 2
    assert order(session) == [0, 2, 1]
    open_menu(panel, 2)
    by_name = panel.menu.by_name
    assert [by_name[n].text() for n in ("hide", "lock")] == ["Show", "Unlock"]
    assert by_name["solo"].isChecked()
    pick(panel, "rename")
    type_name(panel, 2, "pane")
    assert session.class_of(2).name == "pane"


def test_the_menu_merges_and_deletes(qtbot, panel, session):
    press(panel, "classes_more")
    assert panel.menu.isVisible()
    assert [a.text() for a in panel.menu.merging.actions()] == ["background", "window"]
    pick(panel, "merge_2")
    qtbot.waitUntil(lambda: order(session) == [0, 2], timeout=20_000)
    assert session.view.active_class == 2
    panel.rows[2].setFocus()
    QTest.keyClick(panel.rows[2], Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: order(session) == [0], timeout=20_000)
    open_menu(panel, 0)
    assert not panel.menu.merging.isEnabled()
    assert not panel.menu.by_name["up"].isEnabled()
    pick(panel, "delete")
    qtbot.waitUntil(lambda: order(session) == [], timeout=20_000)
    press(panel, "classes_more")
    enabled = {name for name, action in panel.menu.by_name.items() if action.isEnabled()}
    assert enabled == {"load"}
    panel.menu.close()


def test_nothing_can_be_done_while_it_is_only_read(session, project, asker, show):
    root = project.root
    session.close()
    session.open(Project.open(root, write=False))
    panel = show(ClassesPanel(session, asker))
    open_menu(panel, 1)
    enabled = {name for name, action in panel.menu.by_name.items() if action.isEnabled()}
    assert enabled == {"solo", "save"}
    assert not panel.menu.merging.isEnabled()
    assert not panel.menu.starting.isEnabled()
    panel.menu.close()


# -- colours, templates and files -------------------------------------------------------


def test_a_new_class_gets_a_colour_of_its_own(panel, session):
    session.change_class(replace(session.class_of(0), colour=PALETTE[3]))
    press(panel, "add_class")
    type_name(panel, 3, "", Qt.Key.Key_Escape)
    assert session.class_of(3).colour == PALETTE[4]


def test_two_classes_do_not_share_a_colour_unsaid(qtbot, panel, session, asker):
    asker.answer("choose_colour", PALETTE[2])
    with qtbot.waitSignal(session.said) as said:
        press(panel, "class_colour_1")
    assert said.args[0] == "window has the same colour as sign"


def test_an_untouched_project_is_offered_templates(
    qtbot, panel, session, project, tmp_path, open_image
):
    start = panel.findChild(QAbstractButton, "class_templates")
    assert not start.isVisible()
    row = {**session.images[1].row(), "path": str(tmp_path / "facade-01.png")}
    fresh = Project.create(tmp_path / "fresh", first_classes())
    fresh.apply(Edit("Add", rows=(RowChange("images", 1, None, row),)))
    session.open(fresh)
    assert start.isVisible()
    open_image(1)
    session.begin_draft()
    session.paint(*capsule((0, 0), (40, 40), 9, session.image.box), 1)
    session.finish_draft("Brush")
    assert not start.isVisible()
    session.undo()
    assert start.isVisible()
    pick(panel, "template_cells")
    assert [c.name for c in session.classes] == [
        "background", "nucleus", "cytoplasm", "border", "debris",
    ]  # fmt: skip
    assert list(panel.rows) == [0, 1, 2, 3, 4]
    assert not start.isVisible()
    assert session.history.next_undo.text == "Classes of Cells"
    session.undo()
    assert session.classes == list(first_classes())
    assert start.isVisible()


def test_elsewhere_a_template_is_added(panel, session):
    pick(panel, "template_binary")
    assert [c.name for c in session.classes] == ["background", "sign", "window", "foreground"]
    session.undo()
    assert order(session) == [0, 1, 2]


def test_classes_are_saved_and_loaded(qtbot, panel, session, asker, tmp_path):
    path = tmp_path / "mine"
    asker.answer("save_file", path).answer("open_file", tmp_path / "mine.json")
    pick(panel, "save")
    session.change_class(replace(session.class_of(1), colour=(1, 2, 3)))
    pick(panel, "load")
    assert session.class_of(1).colour == PALETTE[1]
    assert session.history.next_undo.text == "Load classes mine.json"
    (tmp_path / "bad.json").write_text("{")
    asker.answer("open_file", tmp_path / "bad.json", tmp_path / "mine.json", None)
    with qtbot.waitSignal(session.said) as said:
        pick(panel, "load")
    assert said.args[0].startswith("the classes of bad.json cannot be read: ")
    with qtbot.waitSignal(session.said) as said:
        pick(panel, "load")
    assert said.args[0] == "all of these classes are in the project already"
    pick(panel, "load")
