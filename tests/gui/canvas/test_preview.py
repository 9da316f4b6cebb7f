import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from segstudio.domain.classes import LabelClass
from segstudio.domain.geometry import Box
from segstudio.gui.canvas.preview import Piece, PreviewOverlay, around
from segstudio.gui.canvas.viewport import Viewport

RED, BLUE = (255, 0, 0), (0, 0, 255)
CLASSES = [LabelClass(0, "red", RED), LabelClass(1, "blue", BLUE, position=1)]


@pytest.fixture
def overlay():
    overlay = PreviewOverlay()
    overlay.colour(CLASSES, 0.5, None, False)
    return overlay


def painted(draw):
    view = Viewport()
    view.resize(40, 40)
    view.image = Box(0, 0, 40, 40)
    view.zoom, view.origin = 1.0, view.origin * 0
    image = QImage(40, 40, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    draw(painter, view)
    painter.end()
    return np.asarray(image.constBits()).reshape(40, 40, 4)[:, :, 2::-1].copy()


def filled(shape, id):
    return np.full(shape, id, np.uint8)


def test_the_sharper_piece_hides_what_lies_under_it(overlay):
    near = Piece(Box(10, 10, 20, 30), filled((10, 20), 0))
    overlay.show([near, Piece(Box(0, 0, 40, 40), filled((10, 10), 1))], {0: 0, 1: 1})
    found = painted(lambda painter, view: overlay.draw(painter, view, 1.0))
    assert (found[10:20, 10:30] == RED).all()
    found[10:20, 10:30] = BLUE
    assert (found == BLUE).all()


def test_regions_without_a_class_are_not_seen(overlay):
    overlay.show([Piece(Box(0, 0, 40, 40), filled((40, 40), 1))], {0: 0})
    assert overlay.active
    assert not painted(lambda painter, view: overlay.draw(painter, view, 1.0)).any()


def test_doubt_is_told_only_where_every_piece_has_it(overlay):
    whole = Box(0, 0, 40, 40)
    sure = Piece(Box(0, 0, 40, 20), filled((40, 20), 0), filled((40, 20), 0))
    unsure = Piece(whole, filled((40, 40), 1), filled((40, 40), 255))
    overlay.show([sure, unsure], {0: 0, 1: 1})
    found = painted(lambda painter, view: overlay.draw_heat(painter, view, 1.0))
    assert not found[:, :20].any()
    assert found[:, 20:].all()
    assert overlay.widest_doubt.box == whole
    overlay.show([sure, Piece(whole, filled((40, 40), 1))], {0: 0, 1: 1})
    assert not overlay.doubtful
    assert overlay.widest_doubt is None


def test_nothing_is_left_after_clearing(overlay):
    overlay.show([Piece(Box(0, 0, 4, 4), filled((4, 4), 0), filled((4, 4), 9))], {0: 0})
    overlay.clear()
    assert not overlay.active
    assert not overlay.doubtful


@pytest.mark.parametrize(
    ("hole", "area"),
    [
        (QRectF(2, 2, 3, 3), 91),
        (QRectF(-5, -5, 20, 10), 50),
        (QRectF(0, 0, 10, 10), 0),
        (QRectF(20, 20, 5, 5), 100),
    ],
)
def test_what_a_hole_leaves_covers_all_else_once(hole, area):
    outer = QRectF(0, 0, 10, 10)
    parts = around(outer, hole)
    assert sum(part.width() * part.height() for part in parts) == area
    for n, part in enumerate(parts):
        assert not part.intersects(hole)
        assert not any(part.intersects(other) for other in parts[:n])
