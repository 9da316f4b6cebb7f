"""The small overview at the corner of the canvas."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from segstudio.domain.geometry import Box
from segstudio.gui.canvas.minimap import LONGEST, Minimap
from segstudio.gui.canvas.pixels import as_qimage

HALF = QRectF(0, 0, 0.5, 0.5)


@pytest.fixture
def minimap(qtbot):
    minimap = Minimap()
    qtbot.addWidget(minimap)
    minimap.set_view(HALF)
    return minimap


def flat(colour, height=50, width=100, channels=3):
    data = np.zeros((height, width, channels), np.uint8)
    data[:] = colour
    return as_qimage(data)


def colour_at(minimap, x, y):
    """Return the colour at parts of its width and height."""
    image = minimap.grab().toImage()
    return image.pixelColor(int(x * image.width()), int(y * image.height())).getRgb()[:3]


def test_it_is_there_only_while_a_part_is_out_of_sight(minimap):
    assert not minimap.isVisible()
    minimap.set_image(flat((9, 9, 9)), (500, 1000))
    assert minimap.isVisible()
    minimap.set_view(QRectF(0, 0, 1, 1))
    assert not minimap.isVisible()
    minimap.set_view(HALF)
    minimap.set_image(None)
    assert not minimap.isVisible()


def test_a_huge_raster_has_the_shape_of_the_whole(minimap):
    minimap.set_image(flat((9, 9, 9), 469, 938), (15000, 30000))
    assert (minimap.width(), minimap.height()) == (LONGEST + 2, LONGEST // 2 + 2)


def test_a_click_asks_for_its_place_in_the_whole(minimap, qtbot):
    minimap.set_image(flat((9, 9, 9)), (15000, 30000))
    with qtbot.waitSignal(minimap.moved) as moved:
        QTest.mouseClick(minimap, Qt.MouseButton.LeftButton, pos=QPoint(81, 41))
    assert moved.args == pytest.approx([15000, 7500], abs=300)


def test_what_is_transparent_shows_the_board(minimap):
    minimap.set_image(flat((0, 0, 0, 0), channels=4), (500, 1000))
    minimap.set_view(QRectF(0, 0, 0.9, 0.9))
    assert not minimap.grab().isNull()
    image = minimap.grab().toImage()
    seen = {image.pixelColor(x, y).name() for x in range(10, 60) for y in range(10, 60)}
    assert len(seen) == 2


def test_a_picture_that_is_still_read_fills_from_the_top(minimap):
    minimap.set_image(flat((200, 10, 10), 25), (500, 1000), Box(0, 0, 250, 1000))
    minimap.set_view(QRectF(0, 0, 0.99, 0.99))
    assert colour_at(minimap, 0.5, 0.25) == (200, 10, 10)
    assert colour_at(minimap, 0.5, 0.75) != (200, 10, 10)
    minimap.set_image(flat((200, 10, 10)), (500, 1000), Box(0, 0, 500, 1000))
    assert colour_at(minimap, 0.5, 0.75) == (200, 10, 10)


def test_no_picture_is_no_trouble(minimap):
    minimap.set_image(QImage(), (10, 10))
    minimap.grab()
