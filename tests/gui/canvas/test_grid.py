import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from segstudio.domain.geometry import Box
from segstudio.gui.canvas.grid import FROM, FULL, draw_grid, strength
from segstudio.gui.canvas.viewport import Viewport


def drawn(grey, zoom, ratio=1.0):
    """Return a plain picture of 300 × 200 px with the grid over it, one row of greys."""
    view = Viewport()
    view.resize(300, 200)
    view.show(Box(0, 0, 4000, 4000))
    view.set_zoom(zoom)
    view.origin = QPointF(-zoom * 100, -zoom * 100)
    screen = QImage(round(300 * ratio), round(200 * ratio), QImage.Format.Format_RGB32)
    screen.setDevicePixelRatio(ratio)
    screen.fill(QColor(grey, grey, grey))
    painter = QPainter(screen)
    draw_grid(painter, view, view.box(QRectF(0, 0, 300, 200)), ratio)
    painter.end()
    return np.array([screen.pixelColor(x, 7).red() for x in range(screen.width())])


def test_it_fades_in():
    assert strength(FROM - 0.1) == 0
    assert 0 < strength(FROM) < strength((FROM + FULL) / 2) < strength(FULL) == 1
    assert strength(64) == 1


@pytest.mark.parametrize("grey", [0, 128, 255])
def test_it_shows_on_any_picture_between_the_pixels(grey):
    found = drawn(grey, 24.0)
    lines = np.flatnonzero(np.abs(found - grey) > 20)
    assert len(lines) >= 300 // 24
    assert set((lines % 24).tolist()) <= {0, 1}


def test_it_is_not_there_before_pixels_are_large():
    assert (drawn(128, 11.9) == 128).all()


def test_lines_are_thin_on_scaled_screens():
    found = drawn(128, 24.0, 1.25)
    lines = np.flatnonzero(found != 128)
    assert set((lines % 30).tolist()) <= {0, 1}
