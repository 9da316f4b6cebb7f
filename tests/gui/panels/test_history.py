import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest

from segstudio.domain.classes import LabelClass, default_colour
from segstudio.domain.history import Entry, History
from segstudio.domain.records import State
from segstudio.domain.stroke import capsule
from segstudio.gui.panels.history import HistoryPanel
from segstudio.gui.panels.history_model import Role, ago
from segstudio.store.project import Project

WAIT = 20_000
HOUR = 3600


@pytest.fixture
def panel(session, show):
    panel = show(HistoryPanel(session))
    QAbstractItemModelTester(panel.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    return panel


@pytest.fixture
def stroke(session):
    def stroke(row):
        session.begin_draft()
        session.paint(*capsule((10, row), (90, row), 6, session.image.box), 1)
        return session.finish_draft("Brush")

    return stroke


@pytest.fixture
def wait_free(qtbot, session):
    def wait_free():
        qtbot.waitUntil(lambda: session.ledger.free and not session.unsaved, timeout=WAIT)

    return wait_free


def texts(panel):
    return [panel.model.index(row).data() for row in range(panel.model.rowCount())]


def undone(panel):
    rows = range(panel.model.rowCount())
    return [row for row in rows if panel.model.index(row).data(Role.UNDONE)]


def click(panel, row):
    place = panel.list.visualRect(panel.model.index(row)).center()
    none = Qt.KeyboardModifier.NoModifier
    QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, none, place)


def test_each_change_is_a_row_with_what_and_where(panel, session, open_image, stroke):
    assert texts(panel) == ["Beginning", "Add", "Add", "Add"]
    open_image(2)
    stroke(20)
    session.set_image([1, 2], "Mark reviewed", state=State.REVIEWED)
    assert texts(panel)[4:] == ["Brush", "Mark reviewed"]
    row = panel.model.index(4)
    assert row.data(Role.PICTURES) == "facade-02"
    assert row.data(Role.WHEN) == "just now"
    assert row.data(Role.ICON) == "brush"
    tip = row.data(Qt.ItemDataRole.ToolTipRole).split("\n")
    assert tip[:2] == ["Brush", "facade-02"]
    assert time.strftime("%Y") in tip[2]
    assert panel.note.text() == "5 changes"
    assert panel.list.currentIndex().row() == panel.model.now == 5


def test_one_click_goes_to_a_point_and_back(panel, session, open_image, stroke, wait_free):
    open_image(1)
    seen = [session.read(0, session.image.box)]
    for row in (20, 60, 100):
        stroke(row)
        seen.append(session.read(0, session.image.box))
    wait_free()
    for done in (4, 6, 3, 5):
        click(panel, done)
        wait_free()
        assert session.history.done == done
        assert (session.read(0, session.image.box) == seen[done - 3]).all()
        assert panel.list.currentIndex().row() == done
        assert undone(panel) == list(range(done + 1, 7))
    assert panel.note.text() == "5 changes · 1 undone"
    stroke(140)
    assert texts(panel)[4:] == ["Brush", "Brush", "Brush"]
    assert undone(panel) == []


def test_arrows_choose_a_point_and_enter_goes_there(panel, session, open_image, stroke, wait_free):
    open_image(1)
    stroke(20)
    stroke(60)
    wait_free()
    panel.list.setFocus()
    for _ in range(2):
        QTest.keyClick(panel.list, Qt.Key.Key_Up)
    assert session.history.done == 5
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    wait_free()
    assert session.history.done == 3
    QTest.keyClick(panel.list, Qt.Key.Key_B)
    assert panel.list.currentIndex().row() == 3


def test_the_buttons_undo_and_redo_and_say_what(panel, session, open_image, stroke, wait_free):
    open_image(1)
    stroke(20)
    wait_free()
    assert panel.undo.toolTip() == "Undo: Brush  (Ctrl+Z)"
    assert panel.undo.isEnabled()
    assert not panel.redo.isEnabled()
    panel.undo.click()
    assert session.history.done == 3
    assert panel.redo.toolTip() == "Redo: Brush  (Ctrl+Shift+Z)"
    panel.redo.click()
    assert session.history.done == 4
    wait_free()


def test_a_click_is_refused_while_another_one_is_carried_out(
    panel, session, open_image, stroke, wait_free
):
    open_image(1)
    stroke(20)
    stroke(60)
    wait_free()
    click(panel, 3)
    assert session.turning
    assert not panel.undo.isEnabled()
    assert not panel.redo.isEnabled()
    click(panel, 5)
    assert session.history.done == 3
    assert panel.list.currentIndex().row() == 3
    wait_free()
    assert panel.redo.isEnabled()
    session.begin_draft()
    click(panel, 5)
    assert session.history.done == 3
    session.cancel_draft()


def test_a_project_open_for_reading_shows_its_history_and_keeps_it(panel, session, wait_free):
    root = session.project.root
    session.open(Project.open(root, write=False))
    assert texts(panel) == ["Beginning", "Add", "Add", "Add"]
    click(panel, 1)
    assert session.history.done == 3
    assert not panel.undo.isEnabled()


def test_without_changes_it_says_what_will_be_here(session, panel, tmp_path):
    session.open(Project.create(tmp_path / "empty"))
    assert panel.pages.currentWidget() is panel.empty
    assert not panel.note.isVisible()
    asked = []
    panel.add_requested.connect(lambda: asked.append(1))
    panel.empty.button.click()
    assert asked == [1]
    session.change_class(LabelClass(0, "sky", default_colour(0)))
    assert panel.pages.currentWidget() is panel.list
    assert texts(panel) == ["Beginning", "Add class sky"]
    assert panel.note.text() == "1 change"


def test_what_the_disk_has_dropped_is_no_row(panel, session):
    history = session.history
    session.ledger._forget(history.entries[2].id)
    assert texts(panel) == ["Oldest point kept", "Add"]
    tip = panel.model.index(0).data(Qt.ItemDataRole.ToolTipRole)
    assert tip.startswith("Nothing before this can be undone")


def test_how_long_ago():
    times = (0, 44, 46, 300, 1.2 * HOUR, 23.4 * HOUR, 30 * HOUR)
    assert [ago(seconds) for seconds in times] == [
        "just now", "just now", "1 min", "5 min", "1 h", "23 h", "1 d",
    ]  # fmt: skip


def test_ten_thousand_changes_do_not_lag(panel, session):
    entries = [Entry(n + 1, f"Brush {n}", time.time(), frozenset({1})) for n in range(10_000)]
    session.ledger.begin(History(entries))
    session.project_changed.emit()
    panel.list.grab()
    resets = []
    panel.model.modelReset.connect(lambda: resets.append(1))
    best = 1e9
    for n in range(10):
        begun = time.perf_counter()
        session.history.push(Entry(20_000 + n, "Brush", time.time(), frozenset({1})))
        session.history_changed.emit()
        panel.list.viewport().repaint()
        best = min(best, time.perf_counter() - begun)
    assert resets == []
    assert panel.model.rowCount() == 10_011
    assert panel.list.indexAt(panel.list.viewport().rect().center()).row() > 9_900
    assert best < 0.04, f"{1000 * best:.0f} ms"
    panel.hide()
    begun = time.perf_counter()
    session.history.push(Entry(30_000, "Brush", time.time(), frozenset({1})))
    session.history_changed.emit()
    assert time.perf_counter() - begun < 0.005
    panel.show()
    assert panel.list.currentIndex().row() == 10_011
