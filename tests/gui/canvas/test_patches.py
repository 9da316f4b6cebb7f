"""What a tool would paint, as it is drawn."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QColor, QImage, QPainter

from segstudio.domain.geometry import Box
from segstudio.gui.canvas import patches as module
from segstudio.gui.canvas.patches import PatchPainter
from segstudio.gui.canvas.viewport import Viewport
from segstudio.interactive.patch import Patch

RED = QColor(255, 0, 0)
SIZE = 200


def viewport(zoom=1.0, origin=(0.0, 0.0)):
    view = Viewport()
    view.image = Box(0, 0, 4000, 4000)
    view.resize(SIZE, SIZE)
    view.zoom, view.origin = zoom, QPointF(*origin)
    return view


def drawn(painter_of_patches, view, *patches):
    """Return how dense each pixel of the view is, 0…255."""
    image = QImage(SIZE, SIZE, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    part = view.box(QRect(0, 0, SIZE, SIZE))
    painter_of_patches.draw(painter, view, patches, part, RED)
    painter.end()
    return np.frombuffer(image.constBits(), np.uint8).reshape(SIZE, SIZE, 4)[:, :, 3].copy()


def expected(region):
    """Borders are pixels with a neighbour, or the end of the region, that is not of it."""
    padded = np.pad(region, 1)
    inner = padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]
    dense, edge = round(255 * module.FILL), round(255 * module.EDGE)
    return np.where(region, np.where(inner, dense, edge), 0)


@pytest.mark.parametrize("side", [16, 64, 512])
def test_pieces_have_no_seams(monkeypatch, side):
    monkeypatch.setattr(module, "SIDE", side)
    rows, columns = np.ogrid[:130, :150]
    region = (rows - 60) ** 2 + (columns - 70) ** 2 < 58**2
    found = drawn(PatchPainter(), viewport(), Patch(Box(20, 30, 150, 180), region))
    assert (found[20:150, 30:180] == expected(region)).all()
    assert not found[:20].any()
    assert not found[:, 180:].any()


def test_a_far_view_is_drawn_of_every_other_pixel():
    region = np.ones((160, 240), bool)
    region[:, 100:] = False
    found = drawn(PatchPainter(), viewport(0.5), Patch(Box(40, 60, 200, 300), region))
    small = expected(region[::2, ::2])
    assert (found[20:100, 30:150] == small).all()


def test_only_what_is_in_sight_is_made():
    region = np.ones((4000, 4000), bool)
    patch, painter = Patch(Box(0, 0, 4000, 4000), region), PatchPainter()
    assert (drawn(painter, viewport(1.0, (-2000.0, -2000.0)), patch) == 128).all()
    stride, pieces = painter._made[patch]
    assert stride == 1
    assert list(pieces) == [Box(1536, 1536, 2048, 2048), Box(1536, 2048, 2048, 2560),
                            Box(2048, 1536, 2560, 2048), Box(2048, 2048, 2560, 2560)]  # fmt: skip
    drawn(painter, viewport(0.25), patch)
    assert painter._made[patch][0] == 4


def test_what_is_made_goes_with_its_patch():
    painter = PatchPainter()
    drawn(painter, viewport(), Patch(Box(0, 0, 9, 9), np.ones((9, 9), bool)))
    assert len(painter._made) == 0
