"""What charts with handles have in common: which keys are theirs."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from segstudio.gui.widgets.cluster_curve import ClusterCurve
from segstudio.gui.widgets.histogram import HistogramView


def claims(chart, key):
    """Tell whether a chart takes a key before the commands of the window do."""
    event = QKeyEvent(QEvent.Type.ShortcutOverride, key, Qt.KeyboardModifier.NoModifier)
    event.ignore()
    QApplication.sendEvent(chart, event)
    return event.isAccepted()


@pytest.fixture
def histogram(qtbot):
    made = HistogramView()
    qtbot.addWidget(made)
    made.set_histogram([1, 2, 3], 0, 2)
    made.set_thresholds([1])
    return made


@pytest.fixture
def curve(qtbot):
    made = ClusterCurve()
    qtbot.addWidget(made)
    made.set_curve((2, 3), (2.0, 1.0), (0.1, 0.2))
    return made


@pytest.mark.parametrize("name", ["histogram", "curve"])
def test_keys_that_move_a_handle_come_before_those_of_the_window(name, request):
    chart = request.getfixturevalue(name)
    assert claims(chart, Qt.Key.Key_Left)
    assert not claims(chart, Qt.Key.Key_A)


def test_where_nothing_can_be_moved_they_stay_the_windows(histogram, curve):
    histogram.set_editable(False)
    curve.clear()
    assert not claims(histogram, Qt.Key.Key_Left)
    assert not claims(curve, Qt.Key.Key_Left)
