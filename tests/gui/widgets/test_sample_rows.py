import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from segstudio.gui.widgets.sample_rows import FADED, OPACITY, SampleRows, errors, laid_over
from segstudio.learning.samples import Sample

COLOURS = {0: (0, 0, 0), 1: (250, 0, 0)}


def sample(image=4, height=20, width=40):
    picture = np.full((height, width, 3), 100, np.uint8)
    reference = np.zeros((height, width), np.uint8)
    reference[:, width // 2 :] = 1
    reference[0] = 255
    predicted = np.zeros_like(reference)
    predicted[:, -2:] = 1
    return Sample(f"p{image}", image, picture, reference, predicted)


def near(image, x, y, *colour):
    """Tell whether a pixel has a colour, but for rounding."""
    found = image.pixelColor(x, y)
    return all(abs(a - b) <= 1 for a, b in zip(found.getRgb(), colour, strict=False))


def test_errors_show_the_class_that_was_missed_and_nothing_of_what_nobody_knows():
    found = errors(sample(), COLOURS)
    faded = 100 * FADED
    assert near(found, 30, 5, 250, 0, 0)
    for x, y in ((3, 5), (39, 5), (30, 0)):
        assert near(found, x, y, faded, faded, faded)
    over = laid_over(sample(), COLOURS)
    half = 100 * (1 - OPACITY)
    assert near(over, 3, 5, half, half, half)
    assert near(over, 39, 5, half + 250 * OPACITY, 50, 50)


def test_a_class_without_a_colour_is_grey_and_no_class_is_not_seen():
    strange = sample()
    strange.predicted[:5], strange.predicted[5:] = 9, 255
    over = laid_over(strange, COLOURS)
    assert near(over, 3, 2, 114, 114, 114)
    assert near(over, 3, 10, 100, 100, 100)


@pytest.fixture
def rows(qtbot):
    rows = SampleRows()
    qtbot.addWidget(rows)
    rows.resize(204, 10)
    return rows


def test_a_click_opens_the_picture_of_a_sample(rows, qtbot):
    rows.set_samples([sample(4), sample(9, 60, 20), sample(None)], COLOURS)
    rows.resize(204, rows.sizeHint().height())
    assert [rows.sample_at(y).image for y in (10, 100)] == [4, 9]
    asked = []
    rows.clicked.connect(asked.append)
    for y in (100, 52, rows.height() - 5):  # between two samples, and on one of no picture, nothing
        qtbot.mouseClick(rows, Qt.MouseButton.LeftButton, pos=QPoint(20, y))
    assert asked == [9]
    boxes = rows._boxes(204)
    assert boxes[0][0].width() == 100
    assert boxes[1][0].height() == 100  # tall ones are no higher than wide ones are wide
    assert rows.grab().toImage().width() == 204
    rows.set_samples([], COLOURS)
    assert rows.sizeHint().height() == 0
