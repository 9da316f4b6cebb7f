from dataclasses import replace
from itertools import pairwise

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAction, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel

from segstudio.domain.classes import PALETTE, LabelClass
from segstudio.domain.stroke import capsule
from segstudio.gui.dialogs.ask import ScriptedAsker
from segstudio.gui.panels import shares
from segstudio.gui.panels.class_name import ClassName
from segstudio.gui.panels.classes import ClassesPanel
from segstudio.gui.panels.shares import share_text
from segstudio.store.project import Project


@pytest.fixture
def asker():
    return ScriptedAsker()


@pytest.fixture
def panel(session, asker, show):
    return show(ClassesPanel(session, asker), width=352)


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
    assert share.toolTip() == (
        "20.00 % of this picture, 16,000 px\n6.67 % of all pixels of the project, 16,000 px"
    )
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


# -- alone, in order, and the menu -------------------------------------------------------


def alt_click(panel, name):
    found = panel.findChild(QAbstractButton, name)
    QTest.mouseClick(found, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.AltModifier)


def test_one_class_is_shown_alone_until_one_click(panel, session):
    before = list(session.history.entries)
    chip = panel.findChild(QAbstractButton, "class_solo_end")
    assert not chip.isVisible()
    place = panel.rows[1].mapTo(panel, QPoint()).y()
    alt_click(panel, "class_visible_1")
    QApplication.processEvents()
    assert session.view.solo == 1
    assert session.class_of(1).visible
    assert chip.isVisible()
    assert chip.text() == "Only sign"
    assert panel.rows[1].mapTo(panel, QPoint()).y() == place
    assert [row.name.dimmed for row in panel.rows.values()] == [True, False, True]
    assert panel.rows[1].alone.isVisible()
    press(panel, "class_solo_end")
    assert session.view.solo is None
    assert not chip.isVisible()
    assert not any(row.name.dimmed for row in panel.rows.values())
    alt_click(panel, "class_visible_2")
    alt_click(panel, "class_visible_2")
    assert session.view.solo is None
    assert session.history.entries == before


def test_the_button_for_one_alone_appears_where_it_is_wanted(panel, session):
    row = panel.rows[2]
    assert not row.alone.isVisible()
    row.setFocus()
    assert row.alone.isVisible()
    press(panel, "class_solo_2")
    assert session.view.solo == 2
    panel.rows[0].setFocus()
    assert row.alone.isVisible()
    press(panel, "class_solo_2")
    assert session.view.solo is None
    assert not row.alone.isVisible()


def test_another_project_is_shown_whole(panel, session, tmp_path):
    session.view.set_solo(1)
    session.open(Project.create(tmp_path / "other", session.classes))
    assert session.view.solo is None
    assert not panel.findChild(QAbstractButton, "class_solo_end").isVisible()


def order(session):
    return [each.id for each in session.classes]


def test_ctrl_and_arrows_move_a_class(panel, session):
    row = panel.rows[2]
    row.setFocus()
    control = Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(row, Qt.Key.Key_Up, control)
    assert order(session) == list(panel.rows) == [0, 2, 1]
    QTest.keyClick(row, Qt.Key.Key_Up, control)
    QTest.keyClick(row, Qt.Key.Key_Up, control)
    assert order(session) == [2, 0, 1]
    assert row.hasFocus()
    assert session.history.next_undo.text == "Move class window"
    session.undo()
    assert order(session) == [0, 2, 1]
    QTest.keyClick(panel.rows[1], Qt.Key.Key_Down, control)
    assert order(session) == [0, 2, 1]


def drag(panel, id, to, part="name"):
    """Drag a row by one of its parts to the middle of another row, or below all."""
    QApplication.processEvents()  # rows that have moved take their places
    start = getattr(panel.rows[id], part)
    target = panel.rows[to]
    offset = QPoint(5, target.height() - 2 if list(panel.rows).index(to) else 2)
    end = start.mapFromGlobal(target.mapToGlobal(offset))
    left = Qt.MouseButton.LeftButton
    QTest.mousePress(start, left, pos=QPoint(5, 10))
    for part in (0.5, 1.0):
        place = QPoint(5, 10) + (end - QPoint(5, 10)) * part
        event = QMouseEvent(
            QEvent.Type.MouseMove, place, start.mapToGlobal(place), left, left,
            Qt.KeyboardModifier.NoModifier,
        )  # fmt: skip
        QApplication.sendEvent(start, event)
    assert panel._mark.isVisible()
    QTest.mouseRelease(start, left, pos=end)
    assert not panel._mark.isVisible()


def test_a_row_is_dragged_to_its_place(panel, session):
    drag(panel, 0, 2)
    assert order(session) == [1, 2, 0]
    drag(panel, 0, 1)
    assert order(session) == [0, 1, 2]
    drag(panel, 1, 1)
    assert order(session) == [0, 1, 2]
    session.undo()
    session.undo()
    assert order(session) == [0, 1, 2]
    assert {each.id: each.name for each in session.classes}[2] == "window"


# -- shares of all ---------------------------------------------------------------------


def test_shares_of_the_image_or_of_the_project(qtbot, panel, session, open_image):
    share = panel.findChild(QLabel, "class_share_1")
    with qtbot.waitSignal(panel.shares.counted, timeout=10_000):
        open_image(1)
    paint(session, 1, (0, 100), (400, 100), 60)
    qtbot.waitUntil(lambda: share.text() == "30 %", timeout=10_000)
    press(panel, "shares_of_project")
    assert share.text() == "10 %"
    assert panel.findChild(QLabel, "classes_note").text() == "10 % labelled"
    with qtbot.waitSignal(panel.shares.counted, timeout=10_000):
        session.close_image()
    assert share.text() == "10 %"
    assert share.toolTip() == "10.00 % of all pixels of the project, 24,000 px"
    press(panel, "shares_of_image")
    assert share.text() == ""


def test_shares_of_a_large_project_are_counted_when_they_are_looked_at(
    qtbot, panel, session, open_image, monkeypatch
):
    monkeypatch.setattr(shares, "CHEAP", 0)
    share = panel.findChild(QLabel, "class_share_1")
    with qtbot.waitSignal(panel.shares.counted, timeout=10_000):
        open_image(1)
    paint(session, 1, (0, 100), (400, 100), 60)
    qtbot.waitUntil(lambda: share.text() == "30 %", timeout=10_000)
    assert share.toolTip() == "30.00 % of this picture, 24,000 px"
    press(panel, "shares_of_project")
    qtbot.waitUntil(lambda: share.text() == "10 %", timeout=10_000)
    paint(session, 1, (0, 20), (400, 20), 20)
    qtbot.waitUntil(lambda: share.text() == "13 %", timeout=10_000)


def test_nothing_is_cut_off_where_the_dock_is_narrow(panel, session):
    long = "a name that is far too long for any panel " * 2
    session.change_class(replace(session.class_of(1), name=long[:80]))
    session.view.set_solo(1)
    panel.resize(312, 332)
    QApplication.processEvents()
    chip = panel.findChild(QAbstractButton, "class_solo_end")
    assert chip.sizeHint().width() <= chip.width()
    assert chip.text().endswith("…")
    more = panel.findChild(QAbstractButton, "classes_more")
    assert more.mapTo(panel, QPoint()).x() + more.width() <= 312
    assert panel.minimumSizeHint().width() <= 312
    for row in panel.rows.values():
        parts = [row.swatch, row.key, row.name, row.share, row.alone, row.eye, row.lock]
        edges = [(part.x(), part.x() + part.width()) for part in parts]
        assert edges == sorted(edges)
        assert all(end <= begin for (_, end), (begin, _) in pairwise(edges))
        assert edges[-1][1] <= row.width()
        assert row.name.width() > 80
