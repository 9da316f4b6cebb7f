"""What is dimmed around a region, and what is hatched in it."""

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage, QPainter

from segstudio.domain.geometry import Box
from segstudio.gui import theme
from segstudio.gui.canvas.spotlight import Spotlight
from segstudio.gui.canvas.viewport import Viewport

BOX = Box(40, 50, 168, 178)


@pytest.fixture
def spot(session, open_image):
    open_image(1)
    made = Spotlight(session)
    yield made
    session.close_image()


def drawn(spot):
    """Return what is drawn on white, one px a pixel of the image, as grey levels."""
    view = Viewport()
    view.resize(700, 530)
    view.image, view.zoom = Box(0, 0, 530, 700), 1.0
    view.centre_on((350, 265))
    image = QImage(700, 530, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    painter.setClipRect(image.rect())
    spot.draw(painter, view, 1.0)
    painter.end()
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(530, 700, 4)
    return pixels[:, :, :3].astype(int)


def test_nothing_in_hand_leaves_the_picture_as_it_is(spot):
    assert (drawn(spot) == 255).all()


def test_all_but_the_region_is_dimmed(spot, qtbot):
    with qtbot.waitSignal(spot.changed):
        spot.show(BOX)
    seen = drawn(spot)
    dark = QColor(theme.current().canvas)
    outside = seen[300:, 300:]
    assert np.ptp(outside) <= 30
    assert abs(outside.mean() - 255 * 0.34 - 0.66 * dark.green()) < 12
    inside = seen[50:158, 60:168]
    assert (inside == 255).all(-1).mean() > 0.6  # between the lines


def test_what_is_left_to_label_is_hatched(spot, stroke):
    spot.show(BOX)
    before = (drawn(spot)[50:158, 60:168] != 255).any(-1)
    assert before.mean() > 0.1
    stroke((70, 60), (160, 60), diameter=30, finish=False)
    during = (drawn(spot)[50:158, 60:168] != 255).any(-1)
    assert not during[5:15, 20:90].any()
    assert during[60:].mean() > 0.1


def test_a_whole_picture_that_is_huge_is_not_read_in_each_painting(spot, monkeypatch):
    monkeypatch.setattr("segstudio.gui.canvas.spotlight.LARGEST", 10)
    monkeypatch.setattr(spot, "_ids", lambda: pytest.fail("it was read"))
    spot.show(BOX)
    drawn(spot)
