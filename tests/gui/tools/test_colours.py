"""The colours of what is in sight."""

import numpy as np
import pytest

from segstudio.domain.geometry import Box
from segstudio.gui.tools.colours import ColoursInSight, _Sight
from segstudio.imaging.lab import looks_like
from segstudio.interactive.similar import reference_of

WHOLE = Box(8, 16, 208, 316)
BOXES = [Box(8, 16, 208, 316), Box(9, 17, 30, 41), Box(100, 200, 101, 201), Box(207, 16, 208, 316)]


def sight(stride):
    rng = np.random.default_rng(0)
    rgb = rng.integers(0, 255, (-(-200 // stride), -(-300 // stride), 3), np.uint8)
    return _Sight(None, WHOLE, stride, rgb)


@pytest.mark.parametrize("stride", [1, 2, 8])
@pytest.mark.parametrize("box", BOXES)
def test_a_reduced_part_stands_for_all_of_its_pixels(stride, box):
    held = sight(stride)
    rows = (np.arange(box.top, box.bottom) - WHOLE.top) // stride
    columns = (np.arange(box.left, box.right) - WHOLE.left) // stride
    expected = held.rgb[rows[:, None], columns]
    assert (held.part(box) == expected).all()
    reference = reference_of(held.rgb, np.ones(held.rgb.shape[:2], bool))
    alike = held.like(box, reference, 5)
    assert alike.shape == box.shape
    assert (alike == looks_like(np.ascontiguousarray(expected), reference, 5)).all()


def test_only_what_is_in_sight_is_like_anything(context):
    colours = ColoursInSight(context, lambda: None)
    colours._held = sight(2)
    reference = reference_of(colours._held.rgb, np.ones((100, 150), bool))
    part, alike = colours.like(Box(0, 0, 50, 50), reference, 500)
    assert part == Box(8, 16, 50, 50)
    assert alike.all()
    part, alike = colours.like(Box(0, 0, 5, 5), reference, 500)
    assert not part
    assert not alike.size
    assert not colours.like(Box(8, 16, 20, 30), None, 500)[1].any()
