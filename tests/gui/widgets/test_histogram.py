import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from segstudio.gui.widgets.histogram import HistogramView
from segstudio.gui.widgets.histogram_shape import outline

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def view(qtbot):
    view = HistogramView("threshold")
    qtbot.addWidget(view)
    view.resize(271, 120)  # 255 px wide inside: one px is one grey value
    view.set_histogram(np.ones(256), 0, 255)
    view.set_thresholds([90, 170])
    return view


@pytest.fixture
def heard(view):
    heard = []
    view.thresholds_changed.connect(heard.append)
    return heard


def send(view, kind, x, y, button=LEFT):
    place = QPointF(x, y)
    held = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else button
    no_keys = Qt.KeyboardModifier.NoModifier
    event = QMouseEvent(kind, place, view.mapToGlobal(place), button, held, no_keys)
    QApplication.sendEvent(view, event)


def drag(view, start, *places):
    send(view, QEvent.Type.MouseButtonPress, *start)
    for place in places:
        send(view, QEvent.Type.MouseMove, *place)
    send(view, QEvent.Type.MouseButtonRelease, *places[-1])


def test_a_drag_says_each_place_on_its_way(view, heard):
    drag(view, (view.x_of(90), 40), (view.x_of(100), 40), (view.x_of(110), 45))
    assert heard == [[100, 170], [110, 170]]
    assert view.thresholds() == [110, 170]


def test_showing_thresholds_says_nothing(view, heard):
    view.set_thresholds([200, 30])
    assert view.thresholds() == [30, 200]
    assert heard == []


def test_a_handle_stops_at_its_neighbour_and_at_the_ends(view, heard):
    drag(view, (view.x_of(90), 40), (view.x_of(230), 40))
    assert view.thresholds() == [169, 170]
    drag(view, (view.x_of(169) - 3, 40), (-50, 40))
    assert view.thresholds() == [0, 170]


def test_dragging_away_removes_and_coming_back_returns(view, heard):
    drag(view, (view.x_of(90), 40), (view.x_of(90), -60), (view.x_of(90), 40))
    assert heard == [[170], [90, 170]]
    drag(view, (view.x_of(90), 40), (view.x_of(90), 300))
    assert view.thresholds() == [170]


def test_the_last_one_needed_is_not_removed(view, heard):
    view.set_limits(2, 3)
    drag(view, (view.x_of(90), 40), (view.x_of(90), 300))
    assert view.thresholds() == [90, 170]


def test_a_double_click_adds_one_up_to_the_limit(view, heard):
    view.set_limits(1, 3)
    for value in (120, 140):
        QTest.mouseDClick(view, LEFT, pos=QPointF(view.x_of(value), 40).toPoint())
    assert heard == [[90, 120, 170]]


def test_keys_move_choose_add_and_remove(view, heard):
    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.keyClick(view, Qt.Key.Key_Up)
    QTest.keyClick(view, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert view.thresholds() == [91, 160]
    QTest.keyClick(view, Qt.Key.Key_Delete)
    assert view.thresholds() == [91]
    QTest.keyClick(view, Qt.Key.Key_Insert)
    assert view.thresholds() == [91, 173]
    assert len(heard) == 4
    assert view.accessibleDescription() == "thresholds 91, 173 in 0 to 255"


def test_computed_thresholds_cannot_be_moved(view, heard):
    view.set_editable(False)
    drag(view, (view.x_of(90), 40), (view.x_of(120), 40))
    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.mouseDClick(view, LEFT, pos=QPointF(view.x_of(30), 40).toPoint())
    assert heard == []


def test_thresholds_of_broken_numbers_follow_the_step(view, heard):
    view.set_histogram(np.ones(64), 0.0, 1.0, step=0.05)
    view.set_thresholds([0.5])
    drag(view, (view.x_of(0.5), 40), (view.x_of(0.73), 40))
    assert view.thresholds() == [pytest.approx(0.75)]


def test_regions_are_painted_in_their_colours(view):
    view.set_colours([(255, 0, 0), (0, 255, 0), (0, 0, 255)])
    image = view.grab().toImage()
    y = int(view.plot().bottom()) - 12
    seen = [image.pixelColor(int(view.x_of(value)), y) for value in (40, 130, 220)]
    assert seen == [QColor(255, 0, 0), QColor(0, 255, 0), QColor(0, 0, 255)]


def test_a_root_raises_small_peaks():
    counts = np.array([1.0, 100.0])
    plot = QRectF(0, 0, 200, 100)
    heights = {}
    for scaling in ("linear", "sqrt", "log"):
        heights[scaling] = 100 - outline(counts, plot, scaling)[1].y()
    assert heights["linear"] == pytest.approx(1)
    assert heights["sqrt"] == pytest.approx(10)
    assert heights["log"] > heights["sqrt"]


def test_many_bins_keep_their_peaks():
    counts = np.zeros(65536)
    counts[40_001] = 5
    shape = outline(counts, QRectF(0, 0, 200, 100), "sqrt")
    assert len(shape) <= 205
    assert min(shape[index].y() for index in range(len(shape))) == 0


def test_nothing_to_show_is_painted_too(view):
    view.set_histogram([], 0, 255)
    assert not view.grab().isNull()
