"""Filter and sort, as a person chooses them above the list."""

import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from segstudio.domain.edit import Edit, RowChange, TileChange
from segstudio.domain.records import Split, State
from segstudio.domain.tiles import Layer, Packed, blank
from segstudio.gui import theme
from segstudio.gui.panels import images_facts
from segstudio.gui.panels.images import ImagesPanel
from segstudio.gui.panels.images_choices import WIDTH
from segstudio.gui.panels.images_filter import Order, Sorting
from segstudio.store.project import Project


@pytest.fixture
def panel(session, readers, show):
    return show(ImagesPanel(session, readers))


@pytest.fixture
def head(panel):
    return panel.head


@pytest.fixture
def choices(head):
    return head.choices


@pytest.fixture
def settle(qtbot, session):
    def settle():
        qtbot.waitUntil(lambda: not (session.jobs.jobs or session.unsaved), timeout=20_000)

    return settle


def click(button):
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_the_button_opens_the_choices_below_it(head, choices, settle):
    click(head.choose)
    settle()
    assert choices.isVisible()
    assert choices.width() == WIDTH
    assert not head.choose.isChecked()  # nothing is chosen yet
    QTest.keyClick(choices, Qt.Key.Key_Escape)
    assert not choices.isVisible()


def test_uses_are_chosen_and_cleared_by_one_click(panel, head, choices, session):
    session.set_image([2], "Use", split=Split.VAL)
    session.set_image([3], "Use", split=Split.TEST)
    assert not head.active_row.isVisible()
    click(choices.splits.chips["val"])
    assert panel.model.ids == [2]
    click(choices.splits.chips["test"])
    assert panel.model.ids == [2, 3]
    assert head.active.text() == "validation · test"
    assert head.choose.isChecked()
    click(head.show_every)
    assert panel.model.ids == [1, 2, 3]
    assert not head.active_row.isVisible()
    assert not head.choose.isChecked()
    assert choices.splits.value() == ()


def test_classes_of_the_project_are_offered(panel, head, choices, session, settle):
    offered = [choices.classes.itemText(n) for n in range(choices.classes.count())]
    assert offered == ["Any class", "background", "sign", "window"]
    ids = blank()
    ids[:9, :9] = 1
    session.apply(Edit("Paint", (TileChange(2, Layer.MASK, (0, 0), None, Packed.of(ids)),)))
    choices.classes.setCurrentText("sign")
    settle()
    assert panel.model.ids == [2]
    assert head.active.text() == "sign"
    sign = session.class_of(1)
    row = {"name": "panel"}
    session.apply(Edit("Rename", rows=(RowChange("classes", 1, {"name": sign.name}, row),)))
    assert choices.classes.currentText() == "panel"
    assert panel.model.ids == [2]


def test_the_class_of_another_project_is_not_asked_for(
    panel, head, choices, session, settle, tmp_path
):
    choices.classes.setCurrentText("window")
    settle()
    session.open(Project.create(tmp_path / "other"))
    assert choices.classes.count() == 1
    assert panel.model.filter.everything
    assert head.active.text() == ""
    settle()


def test_pictures_that_were_added_lately(panel, choices, session):
    row, now = session.images[3].row(), time.time()
    before, after = {"added": row["added"]}, {"added": now - 3600}
    session.apply(Edit("Date", rows=(RowChange("images", 3, before, after),)))
    choices.added.setCurrentText("Last 24 hours")
    assert panel.model.ids == [3]
    choices.added.setCurrentText("Any time")
    assert panel.model.ids == [1, 2, 3]


def test_the_most_unsure_come_first_or_alone(
    panel, head, choices, session, project, settle, monkeypatch
):
    click(head.choose)
    settle()
    assert not choices.unsure.isEnabled()
    assert choices.unsure_note.isVisible()
    choices.close()
    monkeypatch.setattr(images_facts, "_model", lambda project: "net")
    project.set_scores("net", "mean_entropy", {1: 0.25, 3: 0.75}).result()
    panel.model.facts.reload()
    settle()
    assert choices.unsure.isEnabled()
    choices.order.setCurrentText("Uncertainty")
    choices.falling.click()
    assert panel.model.ids == [3, 1, 2]
    choices.unsure.set_value(0.5)
    choices.unsure.changed.emit()
    assert panel.model.ids == [3]
    assert head.active.text() == "unsure by 0.50"
    click(head.show_every)
    assert panel.model.ids == [3, 1, 2]  # the order is no filter
    assert head.choose.isChecked()


def test_every_order_can_be_chosen_both_ways(panel, choices, settle):
    for place, by in enumerate(Order):
        choices.order.setCurrentIndex(place)
        assert panel.model.sorting == Sorting(by, False)
        choices.falling.click()
        assert panel.model.sorting == Sorting(by, True)
        assert choices.falling.accessibleName() == "Downwards"
        choices.falling.click()
    settle()


def test_what_is_selected_outlives_another_order(panel, choices, session):
    panel.view.select_rows([(0, 1)])
    choices.falling.click()
    assert panel.model.ids == [3, 2, 1]
    assert panel.selected_ids() == [2, 1]
    session.set_image(panel.selected_ids(), "Review", state=State.REVIEWED)
    assert panel.selected_ids() == [2, 1]


def test_commands_of_the_window_join_the_menus(panel):
    predict, watch = QAction("Predict selected", panel), QAction("Watch", panel)
    predict.setEnabled(False)
    panel.add_commands([predict], [watch])
    assert panel.menu.actions()[-1] is predict
    assert panel.head.more_menu.actions() == [watch]
    panel.menu.set_writable(True)
    assert not predict.isEnabled()  # it knows itself whether it is possible


def test_states_are_given_from_the_menu(panel, session):
    actions = {action.objectName(): action for action in panel.menu.actions()}
    panel.view.select_rows([(0, 1)])
    for state in (State.IN_WORK, State.REVIEWED, State.UNLABELLED):
        actions[f"action_mark_listed_{state}"].trigger()
        assert [session.images[id].state for id in (1, 2)] == [state] * 2
    assert session.history.entries[-1].text == "Mark unlabelled"


@pytest.mark.parametrize(("open_", "gone", "next_"), [(2, [2], 3), (3, [3, 2], 1), (1, [3], 1)])
def test_when_the_open_picture_is_removed_the_next_one_opens(
    qtbot, panel, session, open_image, settle, open_, gone, next_
):
    open_image(open_)
    rows = tuple(RowChange("images", id, session.images[id].row(), None) for id in gone)
    session.apply(Edit("Remove", rows=rows))
    qtbot.waitUntil(lambda: session.image is not None and session.image.id == next_)
    settle()
    assert panel.selected_ids() == [next_]


def test_when_the_last_picture_is_removed_the_panel_is_empty(
    qtbot, panel, session, open_image, settle
):
    open_image(2)
    rows = tuple(RowChange("images", id, session.images[id].row(), None) for id in (1, 2, 3))
    session.apply(Edit("Remove", rows=rows))
    settle()
    assert session.image is None
    assert panel.pages.currentWidget() is panel.nothing
    session.undo()
    qtbot.waitUntil(lambda: not session.turning, timeout=20_000)
    assert panel.model.ids == [1, 2, 3]
    settle()


def test_nothing_is_cut_off_in_a_narrow_dock(qapp, head, choices, session, panel):
    theme.apply(qapp, "dark")
    session.set_image([1, 2], "Use", split=Split.VAL)
    panel.resize(264, 480)
    panel.parentWidget().resize(264, 480)
    for split in ("pool", "train", "val", "test"):
        choices.splits.chips[split].click()
    QApplication.processEvents()
    assert head.minimumSizeHint().width() <= 264
    for part in (head.states, head.more, head.add, head.search, head.choose, head.show_every):
        place = part.mapTo(panel, part.rect().topRight())
        assert part.isVisible()
        assert place.x() <= 264
        assert part.width() >= part.minimumSizeHint().width()
    text = head.states.fontMetrics().horizontalAdvance("Not reviewed")
    assert head.states.width() >= text + 8 + 20  # its padding
