"""The window looks as it was left."""

import pytest
from PySide6.QtCore import QSettings

from segstudio.gui import as_left
from segstudio.gui.docks import FIRST
from segstudio.gui.main_window import MainWindow


@pytest.fixture(autouse=True)
def settings():
    kept = QSettings("segstudio", "segstudio")
    kept.remove(as_left.GROUP)
    yield kept
    kept.remove(as_left.GROUP)


@pytest.fixture
def another(qtbot):
    """A window that is opened next."""
    window = MainWindow()
    qtbot.addWidget(window)
    return window


def test_size_is_as_it_was(qtbot, another):
    former = MainWindow()
    qtbot.addWidget(former)
    former.resize(700, 600)
    as_left.remember(former)
    as_left.restore(another)
    assert (another.width(), another.height()) == (700, 600)


def test_columns_brush_and_masks_are_as_they_were(studio, another):
    window, view = studio.window, studio.window.session.view
    window.docks.sizes = [300, 400, 350, 400]
    studio.wait_idle()
    view.set_brush(77)
    view.set_overlay(opacity=0.8, outlines=True)
    left = window.docks.sizes
    as_left.remember(window)
    assert left[:2] == [300, 400]
    as_left.restore(another)
    assert another.docks.sizes == left
    shown = another.session.view
    assert (shown.brush, shown.opacity, shown.outlines, shown.hatch) == (77, 0.8, True, False)


def test_the_first_start_is_as_designed(another):
    size = another.size()
    as_left.restore(another)
    assert another.size() == size
    assert another.docks.sizes == FIRST
    assert another.session.view.brush == 40


@pytest.mark.parametrize("columns", [["a"], ["1", "2"], ["1", "2", "3", "-4"], "x", 3])
def test_what_makes_no_sense_is_left_alone(another, settings, columns):
    for name, value in {"columns": columns, "brush": "big", "opacity": "7"}.items():
        settings.setValue(f"{as_left.GROUP}/{name}", value)
    as_left.restore(another)
    assert another.docks.sizes == FIRST
    assert another.session.view.brush == 40
    assert another.session.view.opacity == 0.45
