import numpy as np
import pytest

from segstudio.domain.geometry import Box
from segstudio.gui.tools.cutout import Cutout, Stroke, around
from segstudio.interactive.patch import Patch


class Gradient:
    """A picture whose red is the column, and whose green is the row, both by halves."""

    box = Box(0, 0, 1001, 1503)

    def rgb(self, box, stride=1):
        rows = np.arange(box.top, box.bottom, stride)
        columns = np.arange(box.left, box.right, stride)
        out = np.zeros((len(rows), len(columns), 3), np.uint8)
        out[..., 0], out[..., 1] = columns // 8, rows[:, None] // 8
        return out


@pytest.mark.parametrize("most", [1 << 30, 40_000, 2_000])
def test_a_region_comes_back_where_it_was(most):
    cut = Cutout.read(Gradient(), Box(301, 205, 905, 1405), most)
    assert cut.rgb.shape[0] * cut.rgb.shape[1] < most * 1.2 + 100
    region = np.zeros(cut.image.shape, bool)
    region[4:40, 3:60] = True
    patches = cut.patches(region)
    for n, patch in enumerate(patches):
        assert max(patch.box.shape) <= 1024
        assert not any(patch.box.clipped(other.box) for other in patches[:n])
    whole = np.zeros(Gradient.box.shape, bool)
    for patch in patches:
        whole[patch.box.slices] |= patch.region
    (left, top), (right, bottom) = cut.outward((3, 4)), cut.outward((60, 40))
    expected = Patch.whole(Box(int(top), int(left), int(bottom), int(right)).clipped(cut.box))
    assert (whole == expected.over(Gradient.box)).all()


def test_a_large_region_comes_in_pieces_that_cover_it():
    cut = Cutout(Box(5, 7, 3005, 2507), 1, np.zeros((3000, 2500, 3), np.uint8))
    patches = cut.patches(np.ones((3000, 2500), bool))
    assert sum(patch.area for patch in patches) == 3000 * 2500
    assert max(max(patch.box.shape) for patch in patches) <= 1024


def test_points_go_there_and_back():
    cut = Cutout.read(Gradient(), Box(100, 200, 900, 1400), 40_000)
    assert cut.stride == 8
    assert cut.outward(cut.inward((333.5, 444.25))) == (333.5, 444.25)
    assert cut.reduced(Box(0, 0, 2000, 2000)) == cut.image


def test_thin_strokes_are_drawn_even_where_it_is_reduced():
    cut = Cutout.read(Gradient(), Box(0, 0, 1000, 1500), 4_000)
    drawn = cut.drawn([Stroke(((100.0, 100.0), (1400.0, 900.0)), 1)])
    assert drawn.any(1).sum() >= 800 // cut.stride
    assert not cut.drawn([Stroke(((-50.0, -50.0),), 3)]).any()


def test_a_stroke_and_its_box():
    stroke = Stroke(((10.0, 20.0), (40.0, 30.0)), 6)
    patch = stroke.patch(Box(0, 0, 100, 100))
    assert patch.box.joined(stroke.box) == stroke.box
    assert patch.over(Box(0, 0, 100, 100))[25, 25]
    assert around([(1.2, 3.7), (5.5, 2.0)]) == Box(2, 1, 4, 6)
    assert not Stroke(((200.0, 20.0),), 6).patch(Box(0, 0, 100, 100))
