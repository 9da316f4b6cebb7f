"""A person counts objects, goes to one, takes it out, and gives others another class."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest


@pytest.fixture
def panel(studio):
    found = studio.window.left.objects
    studio.window.left.setCurrentWidget(found)
    return found


@pytest.fixture
def listed(studio, panel):
    """Wait until so many objects are listed."""

    def listed(count):
        studio._wait(lambda: panel.model.rowCount() == count, f"{count} objects")
        studio.wait_saved().wait_idle()

    return listed


@pytest.fixture
def click(panel):
    def click(row, modifier=Qt.KeyboardModifier.NoModifier):
        index = panel.model.index(row)
        panel.list.scrollTo(index)
        place = panel.list.visualRect(index).center()
        QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, modifier, place)

    return click


def test_objects_are_counted_gone_to_deleted_and_reclassed(studio, panel, listed, click, way):
    studio.choose_tool("brush").brush(20)
    strokes = [((60, 60), (160, 60)), ((60, 160), (120, 160)), ((300, 300), (340, 300))]
    for name, points in zip(("sign", "sign", "window"), strokes, strict=True):
        studio.choose_class(name).drag(*points)
    listed(3)
    first, second, third = (way(*points, diameter=20) for points in strokes)
    assert panel.counts.text() == "sign 2 · window 1"
    painted = studio.mask

    click(1)
    sight = studio.window.canvas.visible_box()
    assert sight.area < studio.session.image.box.area
    assert panel.chosen()[0].box.clipped(sight) == panel.chosen()[0].box
    QTest.keyClick(panel.list, Qt.Key.Key_Delete)
    listed(2)
    assert np.array_equal(studio.mask == 1, first)
    assert (studio.mask[second] == 255).all()

    studio.trigger("undo")
    listed(3)
    assert np.array_equal(studio.mask, painted)
    studio.trigger("redo")
    listed(2)

    click(0)
    click(1, Qt.KeyboardModifier.ControlModifier)
    assert panel.note.text() == "2 objects · 2 chosen"
    panel.targets.actions()[0].trigger()
    studio._wait(lambda: panel.counts.text() == "background 2", "the new class")
    studio.wait_saved().wait_idle()
    assert np.array_equal(studio.mask == 0, first | third)
    studio.trigger("undo").trigger("undo").wait_saved()
    assert np.array_equal(studio.mask, painted)
