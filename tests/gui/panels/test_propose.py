import numpy as np
import pytest
from PySide6.QtWidgets import QComboBox

from segstudio.methods.histogram import of_whole_numbers


@pytest.fixture
def panel(studio):
    return studio.window.work.propose


def test_the_histogram_is_there_as_soon_as_the_picture_is(studio, panel):
    studio.open("facade-02.jpg")
    assert panel.histogram.isVisible()
    assert panel.histogram.plot().width() > 0
    assert studio.window.proposing.histogram is not None
    assert studio.window.proposing.regions is None


@pytest.mark.parametrize(("values", "low", "high"), [(256, 0, 255), (4096, 0, 4095)])
def test_thresholds_are_dragged_to_whole_numbers(panel, values, low, high):
    panel._show_histogram(of_whole_numbers(np.ones(values, np.int64)))
    view = panel.histogram
    assert (view.value_at(view.plot().left()), view.value_at(view.plot().right())) == (low, high)
    middle = view.value_at(view.plot().center().x())
    assert middle == int(middle)


def test_each_region_gets_a_class_that_can_be_changed(studio, panel):
    studio.window.proposing.set_method("multi_otsu")
    studio.wait_idle()
    boxes = [panel.findChild(QComboBox, f"region_class_{region}") for region in range(3)]
    assert [box.currentText() for box in boxes] == ["background", "sign", "window"]
    boxes[0].setCurrentIndex(0)
    boxes[0].activated.emit(0)
    assert 0 not in studio.window.proposing.mapping()
    studio.accept()
    assert set(np.unique(studio.mask)) == {1, 2, 255}
