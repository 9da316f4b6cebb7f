from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit

from segstudio.domain.records import Split, State
from segstudio.gui import theme
from segstudio.gui.panels.images import ImagesPanel
from segstudio.gui.panels.images_row import THUMBNAIL, shortened, stem
from segstudio.gui.panels.thumbnails import Thumbnails
from segstudio.store.project import Project


@pytest.fixture
def panel(session, readers, show):
    return show(ImagesPanel(session, readers))


def place_of(panel, id):
    return panel.view.visualRect(panel.model.index(panel.model.row_of(id))).center()


def click(panel, id, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.mouseClick(
        panel.view.viewport(), Qt.MouseButton.LeftButton, modifier, place_of(panel, id)
    )


def test_a_click_opens_the_picture(qtbot, panel, session):
    with qtbot.waitSignal(session.image_opened):
        click(panel, 2)
    assert session.image.id == 2
    assert panel.selected_ids() == [2]


def test_follows_the_open_picture(panel, open_image):
    open_image(3)
    assert panel.view.currentIndex().row() == 2
    assert panel.selected_ids() == [3]


def test_several_are_selected_and_marked_as_one_change(qtbot, panel, session):
    with qtbot.waitSignal(session.image_opened):
        click(panel, 1)
    with qtbot.waitSignal(session.image_opened):
        click(panel, 3, Qt.KeyboardModifier.ShiftModifier)
    assert panel.selected_ids() == [1, 2, 3]
    actions = {action.objectName(): action for action in panel.menu.actions()}
    actions["action_set_split_test"].trigger()
    assert {image.split for image in session.images.values()} == {Split.TEST}
    actions["action_mark_listed_reviewed"].trigger()
    assert panel.count.text() == "3 of 3 reviewed"
    session.undo()
    session.undo()
    assert {image.split for image in session.images.values()} == {Split.POOL}
    assert panel.count.text() == "0 of 3 reviewed"


def test_steps_through_what_is_listed(qtbot, panel, session):
    session.set_image([2], "Review", state=State.REVIEWED)
    for step, unreviewed, id in ((1, False, 1), (1, True, 3), (-1, False, 2)):
        with qtbot.waitSignal(session.image_opened):
            assert panel.step(step, unreviewed_only=unreviewed)
        assert session.image.id == id
    panel.head.search.setText("02")
    assert not panel.step(1)


def test_filters_and_searches(panel, session):
    session.set_image([2], "Review", state=State.REVIEWED)
    states = panel.findChild(QComboBox, "images_state")
    search = panel.findChild(QLineEdit, "images_search")
    for text, ids in (
        ("Reviewed", [2]),
        ("Not reviewed", [1, 3]),
        ("In work", []),
        ("All", [1, 2, 3]),
    ):
        states.setCurrentText(text)
        assert panel.model.ids == ids
        assert panel.pages.currentWidget() is (panel.view if ids else panel.no_match)
    QTest.keyClicks(search, "03")
    assert panel.model.ids == [3]
    assert panel.count.text() == "1 listed · 1 of 3 reviewed"
    QTest.keyClick(search, Qt.Key.Key_Escape)
    assert panel.model.ids == [1, 2, 3]
    panel.head.search.setText("no such picture")
    QTest.mouseClick(panel.no_match.button, Qt.MouseButton.LeftButton)
    assert panel.model.ids == [1, 2, 3]


def test_the_selection_outlives_a_search(panel, open_image):
    open_image(2)
    panel.head.search.setText("02")
    panel.head.search.clear()
    assert panel.selected_ids() == [2]
    panel.head.search.setText("03")
    assert panel.selected_ids() == []


def test_every_state_can_be_listed(panel, session):
    offered = [panel.head.states.itemText(n) for n in range(panel.head.states.count())]
    for state in State:
        text = state.replace("_", " ").capitalize()
        assert text in offered
        session.set_image([1], "Mark", state=state)
        panel.head.states.setCurrentText(text)
        assert 1 in panel.model.ids


def test_thumbnails_come_and_are_kept_in_the_project(qtbot, panel, project):
    qtbot.waitUntil(
        lambda: all(panel.thumbnails.get(id) is not None for id in (1, 2, 3)), timeout=10_000
    )
    image = panel.thumbnails.get(2).toImage()
    assert abs(image.pixelColor(20, 20).red() - 80) <= 2
    assert image.pixelColor(0, 0).alpha() < 128  # round corners
    project.change(lambda connection: None).result()
    assert not QImage.fromData(project.thumbnail(2)).isNull()


def test_a_thumbnail_is_taken_from_the_project(qtbot, session, project, readers, show):
    red = np.zeros((64, 96, 3), np.uint8)
    red[..., 2] = 255
    project.set_thumbnail(1, cv2.imencode(".png", red)[1].tobytes()).result()
    panel = show(ImagesPanel(session, readers))
    qtbot.waitUntil(lambda: panel.thumbnails.get(1) is not None, timeout=10_000)
    assert panel.thumbnails.get(1).toImage().pixelColor(20, 20).getRgb()[:3] == (255, 0, 0)


def test_the_next_picture_of_a_number_does_not_inherit_a_thumbnail(qtbot, session, readers):
    thumbnails = Thumbnails(session, readers, THUMBNAIL)
    with qtbot.waitSignal(thumbnails.arrived):
        thumbnails.get(3)
    assert thumbnails.get(3) is not None
    session.undo()
    qtbot.waitUntil(lambda: not session.turning and not session.unsaved)
    assert 3 not in session.images
    assert thumbnails.get(3) is None
    assert session.project.thumbnail(3) is None


def test_a_missing_picture_has_a_sign_instead(qtbot, session, project, readers, show):
    project.path_of(session.images[2]).unlink()
    panel = show(ImagesPanel(session, readers))
    qtbot.waitUntil(lambda: panel.thumbnails.unreadable(2), timeout=10_000)
    assert panel.thumbnails.get(2) is None
    assert not panel.thumbnails.unreadable(1)


def test_only_what_is_in_sight_is_read(qtbot, session, readers, show):
    panel = show(ImagesPanel(session, readers), height=180)
    qtbot.waitUntil(lambda: panel.thumbnails.get(1) is not None, timeout=10_000)
    assert 3 not in panel.thumbnails._kept


def dropped(panel, urls):
    data = QMimeData()
    data.setUrls(urls)
    where, button = QPoint(20, 100), Qt.MouseButton.LeftButton
    none, copy = Qt.KeyboardModifier.NoModifier, Qt.DropAction.CopyAction
    enter = QDragEnterEvent(where, copy, data, button, none)
    enter.ignore()
    QApplication.sendEvent(panel, enter)
    if enter.isAccepted():
        QApplication.sendEvent(panel, QDropEvent(QPointF(where), copy, data, button, none))
    return enter.isAccepted()


def test_files_can_be_dropped(qtbot, panel, tmp_path):
    with qtbot.waitSignal(panel.dropped) as signal:
        assert dropped(
            panel, [QUrl.fromLocalFile(str(tmp_path / "a")), QUrl("https://b.example/c")]
        )
    assert signal.args == [[Path(tmp_path / "a")]]
    assert not dropped(panel, [QUrl("https://b.example/c")])


def test_an_empty_project_says_what_to_do(qtbot, session, readers, show, tmp_path):
    session.open(Project.create(tmp_path / "empty"))
    panel = show(ImagesPanel(session, readers))
    assert panel.pages.currentWidget() is panel.nothing
    assert panel.nothing.text.text() == "Drop a folder of pictures here"
    assert not panel.head.states.isVisible()
    with qtbot.waitSignal(panel.add_requested):
        QTest.mouseClick(panel.nothing.button, Qt.MouseButton.LeftButton)


def test_rows_are_painted_in_both_themes(qtbot, qapp, panel, open_image):
    open_image(2)
    qtbot.waitUntil(
        lambda: all(panel.thumbnails.get(id) is not None for id in (1, 2, 3)), timeout=10_000
    )
    row = panel.view.visualRect(panel.model.index(1))
    try:
        for name in ("dark", "light"):
            theme.apply(qapp, name)
            image = panel.view.viewport().grab().toImage()
            beside = image.pixelColor(row.right() - 4, row.top() + 6)
            assert beside == theme.colour("selection")
            # The open picture has the accent at its left edge.
            assert image.pixelColor(row.left() + 1, row.center().y()) == theme.colour("accent")
    finally:
        theme.apply(qapp, "dark")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("facade-01.jpg", "facade-01"),
        ("a.b", "a"),
        (".hidden", ".hidden"),
        ("v1.2 final", "v1.2 final"),
    ],
)
def test_endings_are_left_out(name, shown):
    assert stem(name) == shown


def test_long_names_keep_their_ends(panel):
    metrics = panel.fontMetrics()
    found = shortened("20230329_200451_667_R_s0", metrics, metrics.horizontalAdvance("0" * 14))
    assert found.startswith("2023…")
    assert found.endswith("667_R_s0")
    assert shortened("short", metrics, 400) == "short"


def test_every_part_is_named_and_explained(panel):
    parts = [panel.head.states, panel.head.search, panel.view, panel.head.add]
    parts += [p for p in panel.findChildren(QAbstractButton) if p.isVisible() and p.objectName()]
    assert all(part.objectName() and part.accessibleName() for part in parts)
