import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel

from segstudio.domain.classes import PALETTE, LabelClass
from segstudio.domain.stroke import capsule
from segstudio.gui.dialogs.ask import ScriptedAsker
from segstudio.gui.panels.class_name import ClassName
from segstudio.gui.panels.classes import ClassesPanel
from segstudio.gui.panels.shares import share_text
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
    return field


def test_lists_the_classes_in_order(panel):
    assert [row.name.text() for row in panel.rows.values()] == ["background", "sign", "window"]
    assert [row.objectName() for row in panel.rows.values()] == [
        "class_row_0", "class_row_1", "class_row_2",
    ]  # fmt: skip


def test_a_click_chooses_the_class(panel, session):
    assert panel.rows[1].active
    QTest.mouseClick(panel.rows[2], Qt.MouseButton.LeftButton, pos=QPoint(4, 14))
    assert session.view.active_class == 2
    QTest.mouseClick(panel.rows[0].name, Qt.MouseButton.LeftButton)
    assert session.view.active_class == 0
    assert [row.active for row in panel.rows.values()] == [True, False, False]


def test_arrows_choose_the_next_class(panel, session):
    panel.rows[2].setFocus()
    QTest.keyClick(panel.rows[2], Qt.Key.Key_Up)
    assert session.view.active_class == 1
    assert panel.rows[1].hasFocus()
    QTest.keyClick(panel.rows[1], Qt.Key.Key_Down)
    QTest.keyClick(panel.rows[2], Qt.Key.Key_Down)
    assert session.view.active_class == 2


def test_adds_a_class_and_lets_it_be_named(panel, session):
    press(panel, "add_class")
    assert session.classes[-1].name == "class 3"
    assert session.classes[-1].colour == PALETTE[3]
    assert session.view.active_class == 3
    field = type_name(panel, 3, "poster")
    assert not field.editing
    assert session.class_of(3).name == "poster"
    session.undo()
    session.undo()
    assert [each.id for each in session.classes] == [0, 1, 2]
    assert list(panel.rows) == [0, 1, 2]


def test_a_new_class_takes_the_free_number_and_a_free_name(panel, session):
    press(panel, "add_class")
    type_name(panel, 3, "class 4")
    press(panel, "add_class")
    type_name(panel, 4, "", Qt.Key.Key_Escape)
    assert [each.name for each in session.classes[3:]] == ["class 4", "class 5"]


def test_a_double_click_renames_and_undo_takes_it_back(panel, session):
    QTest.mouseDClick(panel.rows[1].name, Qt.MouseButton.LeftButton)
    type_name(panel, 1, "shop sign")
    assert session.class_of(1).name == "shop sign"
    assert panel.rows[1].name.text() == "shop sign"
    session.undo()
    assert panel.rows[1].name.text() == "sign"


def test_escape_keeps_the_old_name(panel, session):
    panel.rename(1)
    field = type_name(panel, 1, "other", Qt.Key.Key_Escape)
    assert field.text() == session.class_of(1).name == "sign"


@pytest.mark.parametrize("name", ["Window", " "])
def test_a_refused_name_stays_to_be_mended(qtbot, panel, session, name):
    panel.rename(1)
    with qtbot.waitSignal(session.said):
        field = type_name(panel, 1, name)
    assert field.editing
    assert session.class_of(1).name == "sign"
    with qtbot.waitSignal(session.said):
        field.clearFocus()
    assert field.text() == "sign"


def test_locks_and_hides(panel, session):
    press(panel, "class_lock_1")
    press(panel, "class_visible_2")
    assert session.locked == {1}
    assert not session.class_of(2).visible
    assert panel.rows[1].lock.accessibleName() == "Unlock sign"
    press(panel, "class_lock_1")
    assert session.locked == frozenset()
    session.undo()
    assert session.locked == {1}


def test_the_colour_is_asked_for(panel, session, asker):
    asker.answer("choose_colour", (1, 2, 3), None)
    press(panel, "class_colour_1")
    press(panel, "class_colour_1")
    assert session.class_of(1).colour == panel.rows[1].swatch.colour() == (1, 2, 3)
    assert [about for _, about in asker.asked] == [(PALETTE[1],), ((1, 2, 3),)]
    session.undo()
    assert session.class_of(1).colour == PALETTE[1]


def paint(session, id, start, end, width):
    session.begin_draft()
    session.paint(*capsule(start, end, width, session.image.box), id)
    session.finish_draft("Brush")


def test_shares_follow_the_strokes(qtbot, panel, session, open_image):
    share = panel.findChild(QLabel, "class_share_1")
    with qtbot.waitSignal(panel.shares.counted, timeout=10_000):
        open_image(1)
    assert share.text() == ""

    with qtbot.waitSignal(panel.shares.counted, timeout=10_000):
        paint(session, 1, (0, 100), (400, 100), 40)
    assert share.text() == "20 %"
    assert share.toolTip() == "20.00 % of this picture, 16,000 px"
    assert panel.findChild(QLabel, "classes_note").text() == "20 % labelled"

    with qtbot.waitSignal(panel.shares.counted, timeout=10_000):
        session.undo()
    assert share.text() == ""

    with qtbot.waitSignal(panel.shares.counted, timeout=10_000):
        open_image(2)
    assert panel.findChild(QLabel, "classes_note").text() == "0 % labelled"


@pytest.mark.parametrize(
    ("share", "text"),
    [(None, ""), (0, ""), (0.0004, "<0.1 %"), (0.004, "0.4 %"), (0.0099, "1 %"),
     (0.123, "12 %"), (0.9999, ">99 %"), (1, "100 %")],
)  # fmt: skip
def test_shares_are_short(share, text):
    assert share_text(share) == text


def test_every_part_is_named_and_explained(panel):
    parts = [p for p in panel.findChildren(QAbstractButton) if p.isVisible()]
    parts += list(panel.rows.values()) + panel.findChildren(ClassName)
    names = [part.objectName() for part in parts]
    assert all(names)
    assert len(set(names)) == len(names)
    assert all(part.accessibleName() and part.toolTip() for part in parts)


def test_enter_and_esc_are_the_names_own_while_it_is_typed(panel):
    heard = []
    for key in ("Return", "Esc", "N"):
        action = QAction(panel.window())
        action.setShortcut(key)
        action.triggered.connect(lambda _=False, key=key: heard.append(key))
        panel.window().addAction(action)
    panel.window().activateWindow()
    panel.rename(1)
    type_name(panel, 1, "n")
    panel.rename(1)
    type_name(panel, 1, "n", Qt.Key.Key_Escape)
    assert heard == []
    QTest.keyClick(panel.window(), Qt.Key.Key_N)
    assert heard == ["N"]


def test_a_project_open_for_reading_is_not_changed(qtbot, session, project, asker, show, tmp_path):
    root = project.root
    session.close()
    session.open(Project.open(root, write=False))
    panel = show(ClassesPanel(session, asker))
    assert not panel.findChild(QAbstractButton, "add_class").isEnabled()
    with qtbot.waitSignal(session.said):
        press(panel, "class_lock_1")
    assert not session.class_of(1).locked


def test_the_button_stays_below_the_last_row_and_long_lists_scroll(qtbot, panel, session):
    def gap():
        last = list(panel.rows.values())[-1]
        below = panel.findChild(QAbstractButton, "add_class")
        return below.mapTo(panel, QPoint()).y() - last.mapTo(panel, QPoint()).y() - last.height()

    assert 0 <= gap() <= 16
    for id in range(3, 40):
        session.change_class(LabelClass(id, f"class {id}", (1, 2, 3), position=id))
    session.view.choose_class(39)
    qtbot.waitUntil(lambda: -16 <= gap() <= 16)
    assert panel.findChild(QAbstractButton, "add_class").geometry().bottom() <= panel.height()
