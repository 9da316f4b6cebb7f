import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from segstudio.domain.classes import UNLABELLED, LabelClass, default_colour
from segstudio.gui.canvas.colours import argb, colours_of, darker, ink
from segstudio.gui.canvas.hatch import PATTERNS, PERIOD, Hatch

CLASSES = [LabelClass(id, str(id), default_colour(id)) for id in range(10)]
SIDE = 120
CORNER = QPointF(0, 0)


def drawn(ids, zoom=1.0, anchor=CORNER, ratio=1.0, clip=None, hatch=None):
    """Return which pixels of a white screen a hatching has inked."""
    side = round(SIDE * ratio)
    screen = QImage(side, side, QImage.Format.Format_RGB32)
    screen.fill(QColor("white"))
    screen.setDevicePixelRatio(ratio)
    painter = QPainter(screen)
    painter.setClipRect(clip or QRectF(0, 0, SIDE, SIDE))
    where = QRectF(anchor.x(), anchor.y(), ids.shape[1] * zoom, ids.shape[0] * zoom)
    colours = colours_of(CLASSES, 0.5, hatch=True)
    (hatch or Hatch()).draw(painter, ids, where, anchor, ratio, colours)
    painter.end()
    pixels = np.frombuffer(screen.constBits(), np.uint8).reshape(side, -1, 4)[:, :side, :3]
    return (pixels < 250).any(2)


def area(id, side=SIDE):
    return np.full((side, side), id, np.uint8)


def test_eight_classes_look_different_and_are_inked_about_as_much():
    found = [drawn(area(id)) for id in range(len(PATTERNS))]
    for n, one in enumerate(found):
        assert 0.1 < one.mean() < 0.5, n
        for other in found[:n]:
            assert (one != other).mean() > 0.08
    assert np.array_equal(drawn(area(8)), found[0])


@pytest.mark.parametrize("zoom", [0.5, 1.0, 7.0])
def test_a_hatching_is_as_large_at_every_zoom(zoom):
    ids = area(3, round(SIDE / zoom) + 1)
    assert np.array_equal(drawn(ids, zoom), drawn(area(3)))


def test_lines_are_apart_by_the_same_way_on_a_scaled_screen():
    found = drawn(area(3), ratio=1.25)
    starts = np.flatnonzero(np.diff(found[0].astype(int)) == 1)
    assert set(np.diff(starts).tolist()) == {2 * round(PERIOD * 1.25 / 2)}
    assert (np.diff(np.flatnonzero(found[0])[:3]) == 1).any()  # two pixels thick at least


def test_it_hangs_on_the_image_and_stands_still_while_parts_are_drawn_again():
    hatch = Hatch()
    whole = drawn(area(0), hatch=hatch)
    for clip in (QRectF(13, 27, 30, 11), QRectF(80, 3, 39, 90)):
        part = drawn(area(0), clip=clip, hatch=hatch)
        box = slice(int(clip.top()), int(clip.bottom())), slice(int(clip.left()), int(clip.right()))
        assert np.array_equal(part[box], whole[box])
        assert part.sum() == part[box].sum()
    moved = drawn(area(0), anchor=QPointF(7, 4), hatch=hatch)
    assert np.array_equal(moved[4:, 7:], whole[:-4, :-7])


def test_only_labelled_pixels_of_classes_that_are_seen_are_inked():
    ids = area(UNLABELLED)
    assert not drawn(ids).any()
    ids[:, :60] = 3
    ids[:, 60:90] = 77
    found = drawn(ids)
    assert found[:, :60].any()
    assert not found[:, 60:].any()


def test_colours_for_qt():
    colour = QColor.fromRgba(argb((10, 20, 30), 0.5))
    assert (colour.red(), colour.green(), colour.blue(), colour.alpha()) == (10, 20, 30, 128)
    assert darker((80, 160, 8)) == (50, 100, 5)


def test_lines_are_paler_on_dark_classes_and_darker_on_pale_ones():
    for colour in ((0, 0, 0), (0, 114, 178), (255, 255, 255), (240, 228, 66)):
        line = ink(colour)
        assert abs(sum(line) - sum(colour)) > 180


def test_one_class_alone_is_all_that_has_a_colour():
    hidden = [LabelClass(0, "a", (1, 2, 3)), LabelClass(1, "b", (4, 5, 6), visible=False)]
    seen = colours_of(hidden, 0.5)
    assert seen.fill[0]
    assert not seen.fill[1]
    alone = colours_of(hidden, 0.5, solo=1, hatch=True)
    assert not alone.fill[0]
    assert not alone.kinds[0]
    assert alone.fill[1]
    assert alone.kinds[1]
    assert colours_of(hidden, 0.5, solo=7).fill == seen.fill  # a class that is gone


def test_regions_have_the_colours_of_their_classes():
    found = colours_of(CLASSES, 0.5, regions={5: 1, 6: 99})
    assert found.fill[5] == colours_of(CLASSES, 0.5).fill[1]
    assert found.fill[6] == 0
