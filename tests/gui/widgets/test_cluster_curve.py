import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from segstudio.gui.widgets.cluster_curve import ClusterCurve

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def view(qtbot):
    view = ClusterCurve("curve")
    qtbot.addWidget(view)
    view.resize(300, 124)
    view.set_curve((2, 3, 4, 5, 6), (100.0, 60.0, 30.0, 26.0, 24.0), (0.4, 0.5, 0.7, 0.7, 0.3))
    view.set_number(3)
    return view


@pytest.fixture
def heard(view):
    heard = []
    view.chosen.connect(heard.append)
    return heard


def click(view, number):
    QTest.mouseClick(view, LEFT, pos=QPoint(round(view.x_of(number)) + 3, 40))


def test_a_click_takes_the_nearest_number_and_says_so_once(view, heard):
    click(view, 5)
    click(view, 5)
    assert heard == [5]
    assert view.number() == 5


def test_setting_the_number_says_nothing(view, heard):
    view.set_number(6)
    assert view.number() == 6
    assert heard == []


def test_keys_walk_along_the_curve_and_stop_at_its_ends(view, heard):
    for _ in range(3):
        QTest.keyClick(view, Qt.Key.Key_Left)
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert heard == [2, 3]


def test_the_clearest_is_the_first_of_equals(view):
    assert view.best() == 4


def test_the_figures_are_exact(view):
    assert view.figures(4) == "4 clusters: spread 30 (30 % of that with 2), silhouette 0.700"
    assert view.accessibleDescription().endswith("silhouette 0.500; clearest with 4")


def test_without_a_curve_there_is_nothing_to_choose(view, heard):
    view.clear("Trying numbers of clusters …")
    click_at = QPoint(100, 40)
    QTest.mouseClick(view, LEFT, pos=click_at)
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert heard == []
    assert view.best() is None
    assert not view.grab().isNull()


@pytest.mark.parametrize("values", [((2,), (0.0,), (0.0,)), ((2, 3), (5.0, 5.0), (0.0, 0.0))])
def test_a_curve_without_any_rise_is_painted_too(view, values):
    view.set_curve(*values)
    assert not view.grab().isNull()
    assert view.plot().left() <= view.x_of(2) <= view.plot().right()
