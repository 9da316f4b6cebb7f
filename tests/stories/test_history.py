"""A person goes back in time in the history, and forward again."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from segstudio.gui.panels.history_model import Role


@pytest.fixture
def click(studio):
    """Click on a row of the history, and wait until the project is there."""
    panel = studio.window.left.history

    def click(row):
        index = panel.model.index(row)
        panel.list.scrollTo(index)
        place = panel.list.visualRect(index).center()
        none = Qt.KeyboardModifier.NoModifier
        QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, none, place)
        studio.wait_saved().wait_idle()

    studio.window.left.setCurrentWidget(panel)
    return click


def masks(studio, *names):
    found = {}
    for name in names:
        studio.open(name)
        found[name] = studio.mask
    return found


def test_one_click_goes_back_to_a_point_and_another_one_forward(studio, click):
    names = "facade-01.jpg", "facade-02.jpg"
    studio.choose_tool("brush").brush(30)
    panel, session = studio.window.left.history, studio.session
    started = session.history.done
    for number in range(5):
        studio.open(names[number % 2]).choose_class("sign" if number < 3 else "window")
        studio.drag((60, 60 + 50 * number), (300, 90 + 50 * number))
        if number == 1:
            studio.wait_saved()
            second = masks(studio, *names)
    session.change_class(replace(session.class_of(2), name="pane"))
    studio.wait_saved()
    last = masks(studio, *names)
    rows = [panel.model.index(row) for row in range(started + 1, panel.model.rowCount())]
    assert [row.data() for row in rows] == [*["Brush"] * 5, "Change class pane"]
    assert [row.data(Role.PICTURES) for row in rows[:3]] == ["facade-01", "facade-02", "facade-01"]

    click(started + 2)
    assert [row.data(Role.UNDONE) for row in rows] == [False] * 2 + [True] * 4
    assert session.class_of(2).name == "window"
    for name, mask in masks(studio, *names).items():
        assert np.array_equal(mask, second[name])
    click(started + 6)
    assert session.class_of(2).name == "pane"
    for name, mask in masks(studio, *names).items():
        assert np.array_equal(mask, last[name])
    click(started)
    assert all((mask == 255).all() for mask in masks(studio, *names).values())
