import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from segstudio.gui.widgets.range_slider import RangeSlider

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def slider(qtbot):
    slider = RangeSlider("hue", "Hue")
    qtbot.addWidget(slider)
    slider.resize(376, 20)  # 360 px wide inside: one px is one degree
    slider.set_limits(0, 360)
    slider.set_range(60, 180)
    return slider


@pytest.fixture
def heard(slider):
    heard = []
    slider.moved.connect(lambda low, high: heard.append((low, high)))
    return heard


def drag(slider, start, end):
    QTest.mousePress(slider, LEFT, pos=QPoint(round(slider.x_of(start)), 10))
    QTest.mouseMove(slider, QPoint(round(slider.x_of(end)), 10))
    QTest.mouseRelease(slider, LEFT, pos=QPoint(round(slider.x_of(end)), 10))


def test_the_nearer_end_is_dragged(slider, heard):
    drag(slider, 62, 90)
    drag(slider, 170, 200)
    assert slider.range() == (90, 200)
    assert heard == [(62, 180), (90, 180), (90, 170), (90, 200)]


def test_an_end_stops_at_the_other_unless_it_wraps(slider):
    drag(slider, 60, 300)
    assert slider.range() == (180, 180)
    slider.set_range(60, 180)
    slider.set_wraps(True)
    drag(slider, 60, 300)
    assert slider.range() == (300, 180)


def test_ends_that_lie_together_are_parted_either_way(slider):
    slider.set_range(100, 100)
    drag(slider, 110, 150)
    assert slider.range() == (100, 150)
    slider.set_range(100, 100)
    drag(slider, 90, 50)
    assert slider.range() == (50, 100)


def test_keys_choose_an_end_and_move_it(slider, heard):
    QTest.keyClick(slider, Qt.Key.Key_Right)
    QTest.keyClick(slider, Qt.Key.Key_Up)
    QTest.keyClick(slider, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert heard == [(61, 180), (61, 170)]
    assert slider.accessibleDescription() == "61 to 170"


def test_what_lies_outside_is_dimmed(slider):
    slider.set_ramp([QColor(0, 255, 0), QColor(0, 255, 0)])

    def green(value):
        return slider.grab().toImage().pixelColor(round(slider.x_of(value)), 10).green()

    assert green(120) == 255
    assert green(20) < 120
    assert green(340) < 120
    slider.set_range(300, 30)
    assert green(120) < 120
    assert green(340) == green(10) == 255
