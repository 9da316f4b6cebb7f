import numpy as np
import pytest
from PySide6.QtCore import QItemSelectionModel, QSize, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest

from segstudio.domain.geometry import Box
from segstudio.gui.loading import PictureLoader
from segstudio.gui.objects import Objects
from segstudio.gui.panels.object_thumbnails import framed
from segstudio.gui.panels.objects import ObjectsPanel
from segstudio.gui.panels.objects_model import EVERY, SHOWN, ObjectsModel, Role, Sort
from segstudio.gui.tools.context import ToolContext
from segstudio.interactive.census import Census

WAIT = 20_000


@pytest.fixture
def objects(session):
    return Objects(session, ToolContext(session, lambda: session.image.box, lambda: None))


@pytest.fixture
def panel(session, objects, readers, show):
    panel = show(ObjectsPanel(session, objects, PictureLoader(session, readers), readers), 264)
    QAbstractItemModelTester(panel.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    return panel


@pytest.fixture
def block(session):
    """Paint a rectangle of a class into the open picture."""

    def block(top, left, height, width, value):
        session.begin_draft()
        box = Box(top, left, top + height, left + width)
        session.paint(box, np.ones(box.shape, bool), value)
        session.finish_draft("Brush")

    return block


@pytest.fixture
def three(qtbot, panel, open_image, block):
    """Two signs, of 600 and 50 pixels, and a window of 200."""
    open_image(1)
    block(10, 10, 20, 30, 1)
    block(100, 50, 10, 20, 2)
    block(150, 300, 5, 10, 1)
    listed(qtbot, panel, [600, 200, 50])
    return panel


def areas(panel):
    return [panel.model.at(row).area for row in range(panel.model.rowCount())]


def listed(qtbot, panel, wanted):
    qtbot.waitUntil(lambda: areas(panel) == wanted, timeout=WAIT)


def choose(panel, *rows):
    flags = QItemSelectionModel.SelectionFlag
    panel.list.clearSelection()
    for row in rows:
        panel.list.selectionModel().select(panel.model.index(row), flags.Select)


def key(panel, key):
    panel.list.setFocus()
    QTest.keyClick(panel.list, key)


def test_every_connected_part_is_a_row_with_class_area_and_size(three):
    assert [three.model.index(row).data() for row in range(3)] == ["sign", "window", "sign"]
    first = three.model.index(0)
    assert first.data(Role.AREA) == "600 px"
    assert first.data(Role.SIZE) == "30 × 20"
    assert first.data(Role.GROUND) == ""
    tip = first.data(Qt.ItemDataRole.ToolTipRole)
    assert tip.split("\n") == ["sign", "600 px", "30 × 20 px at x 10 y 10"]
    assert three.counts.text() == "sign 2 · window 1"
    assert three.note.text() == "3 objects"


def test_objects_are_filtered_by_class_and_sorted(three):
    three.sort.setCurrentIndex(three.sort.findData(Sort.SMALLEST))
    assert areas(three) == [50, 200, 600]
    three.sort.setCurrentIndex(three.sort.findData(Sort.POSITION))
    assert areas(three) == [600, 200, 50]
    three.classes.setCurrentIndex(three.classes.findData(1))
    assert areas(three) == [600, 50]
    assert three.note.text() == "2 objects"
    assert three.classes.currentText() == "sign · 2"


def test_the_ground_is_told_where_the_picture_has_a_place(three, session):
    from dataclasses import replace

    wkt = 'PROJCS["x",GEOGCS["y",SPHEROID["z",6378137,298.257223563]],UNIT["metre",1]]'
    georef = {"transform": [0.5, 0, 0, 0, -0.5, 0], "wkt": wkt}
    session.image = replace(session.image, georef=georef)
    assert three.model.index(0).data(Role.GROUND) == "150 m²"


def test_a_click_goes_there_and_so_does_enter(qtbot, three):
    gone = []
    three.box_requested.connect(gone.append)
    place = three.list.visualRect(three.model.index(1)).center()
    QTest.mouseClick(three.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert gone[0] == Box(93, 43, 117, 77)  # the window, and a little around it
    gone.clear()
    key(three, Qt.Key.Key_Down)
    assert gone == [Box(141, 291, 164, 319)]
    gone.clear()
    key(three, Qt.Key.Key_Return)
    assert gone == [Box(141, 291, 164, 319)]


def test_the_chosen_ones_are_deleted_as_one_edit(qtbot, three, session):
    before = session.history.done
    choose(three, 0, 2)
    assert three.note.text() == "3 objects · 2 chosen"
    key(three, Qt.Key.Key_Delete)
    listed(qtbot, three, [200])
    assert session.history.done == before + 1
    assert session.history.next_undo.text == "Delete 2 objects"
    assert (session.read(0, session.image.box) == 1).sum() == 0
    session.undo()
    listed(qtbot, three, [600, 200, 50])


def test_the_chosen_ones_get_another_class_as_one_edit(qtbot, three, session):
    choose(three, 0, 1, 2)
    three.targets.actions()[2].trigger()
    qtbot.waitUntil(lambda: three.counts.text() == "window 3", timeout=WAIT)
    assert session.history.next_undo.text == "Reclass 2 objects to window"
    assert (session.read(0, session.image.box) == 2).sum() == 850
    assert len(three.chosen()) == 1  # what has another class now is another object


def test_nothing_can_be_done_while_nothing_is_chosen(three):
    three.list.clearSelection()
    assert not three.delete.isEnabled()
    assert not three.reclass.isEnabled()
    key(three, Qt.Key.Key_Delete)
    assert areas(three) == [600, 200, 50]


def test_what_is_chosen_stays_so_while_others_come(qtbot, three, block):
    choose(three, 1)
    gone = []
    three.box_requested.connect(gone.append)
    block(60, 200, 20, 20, 1)
    listed(qtbot, three, [600, 400, 200, 50])
    assert [each.area for each in three.chosen()] == [200]
    assert gone == []


def test_another_picture_has_other_objects(qtbot, three, open_image):
    open_image(2)
    listed(qtbot, three, [])
    assert three.pages.currentWidget() is three.empty
    open_image(1)
    listed(qtbot, three, [600, 200, 50])


def test_ten_thousand_are_listed_without_a_pause(session, qtbot):
    import time

    count = 3 * SHOWN
    rng = np.random.default_rng(0)
    first = np.stack([np.arange(count), np.arange(count)], 1)
    boxes = np.concatenate([first, first + 1], 1)
    census = Census(np.full(count, 1, np.uint8), rng.integers(1, 99, count), boxes, first)
    model = ObjectsModel(session)
    began = time.perf_counter()
    model.show(census, EVERY, Sort.LARGEST)
    assert time.perf_counter() - began < 0.2
    assert (model.rowCount(), model.matching) == (SHOWN, count)
    assert (np.diff(census.areas[model.rows]) <= 0).all()
    assert census.areas[model.rows].min() >= np.sort(census.areas)[-SHOWN]
    model.show(census, EVERY, Sort.POSITION)
    assert model.rows.tolist() == list(range(SHOWN))
    wanted = model.at(77)
    line, column = int(wanted.inside[1]), int(wanted.inside[0])
    assert model.row_of({(1, line, column)}) == [77]


@pytest.mark.parametrize(
    ("box", "image"),
    [
        (Box(0, 0, 1, 1), Box(0, 0, 200, 300)),
        (Box(190, 290, 200, 300), Box(0, 0, 200, 300)),
        (Box(0, 0, 200, 20), Box(0, 0, 200, 300)),
        (Box(0, 0, 3, 3), Box(0, 0, 3, 3)),
    ],
)
def test_a_thumbnail_shows_the_object_and_something_around_it(box, image):
    frame = framed(box, QSize(56, 40), image)
    assert frame.clipped(image) == frame
    assert box.clipped(frame) == box
    assert frame.area
