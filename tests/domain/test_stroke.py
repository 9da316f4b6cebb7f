import math
from fractions import Fraction

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segstudio.domain.geometry import Box
from segstudio.domain.stroke import capsule, snapped

IMAGE = Box(0, 0, 60, 80)

xs = st.floats(-20, 100)
ys = st.floats(-20, 80)
points = st.tuples(xs, ys)
diameters = st.integers(1, 24)


def painted(start, end, diameter, image=IMAGE):
    canvas = np.zeros(image.shape, bool)
    box, region = capsule(start, end, diameter, image)
    if box:
        assert region.shape == box.shape
        canvas[box.slices] = region
    return canvas


def brute(start, end, diameter, image=IMAGE):
    """Exact distances of pixel centres to the segment; None where it is a tie."""
    (x0, y0), (x1, y1) = ([Fraction(v) for v in snapped(p, diameter)] for p in (start, end))
    dx, dy = x1 - x0, y1 - y0
    length = dx * dx + dy * dy
    out = np.zeros(image.shape, bool)
    near = np.zeros(image.shape, bool)
    reach = Fraction(diameter, 2) ** 2
    for row in range(image.height):
        for column in range(image.width):
            x, y = column + Fraction(1, 2) - x0, row + Fraction(1, 2) - y0
            t = min(max((x * dx + y * dy) / length, Fraction(0)), Fraction(1)) if length else 0
            away = (x - t * dx) ** 2 + (y - t * dy) ** 2
            out[row, column] = away <= reach
            near[row, column] = abs(away - reach) < Fraction(1, 200)
    return out, near


@given(points, points, diameters)
@settings(max_examples=15, deadline=None)
def test_a_capsule_is_all_pixels_within_reach_of_the_way(start, end, diameter):
    exact, near = brute(start, end, diameter)
    assert ((painted(start, end, diameter) == exact) | near).all()


@given(points, points, diameters)
@settings(max_examples=60, deadline=None)
def test_there_and_back_is_the_same(start, end, diameter):
    there, back = painted(start, end, diameter), painted(end, start, diameter)
    assert (there != back).mean() < 0.002  # rounding may move a pixel that lies on the rim


inside = st.tuples(st.floats(0, 79.9), st.floats(0, 59.9))


@given(inside, inside, st.integers(1, 12))
@settings(max_examples=60, deadline=None)
def test_a_line_has_no_gaps(start, end, diameter):
    region = painted(start, end, diameter).astype(np.uint8)
    found, _ = cv2.connectedComponents(region, connectivity=8)
    assert found == 2
    for x, y in (start, end):
        x, y = snapped((x, y), diameter)
        rows, columns = (min(int(y), 59), min(int(x), 79))
        assert region[rows, columns] or diameter % 2 == 0


@pytest.mark.parametrize(("diameter", "pixels"), [(1, 1), (2, 4), (3, 9), (4, 12), (5, 21)])
def test_a_dab_is_even(diameter, pixels):
    dab = painted((40.2, 30.7), (40.2, 30.7), diameter)
    assert dab.sum() == pixels
    rows, columns = np.flatnonzero(dab.any(1)), np.flatnonzero(dab.any(0))
    square = dab[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    assert square.shape == (diameter, diameter)
    for other in (square.T, square[::-1], square[:, ::-1]):
        assert (square == other).all()


def test_a_dab_of_one_pixel_lies_under_the_point():
    for x, y in [(0.0, 0.0), (7.99, 3.01), (79.9, 59.9)]:
        dab = painted((x, y), (x, y), 1)
        assert np.argwhere(dab).tolist() == [[math.floor(y), math.floor(x)]]


@given(points, points, diameters)
@settings(max_examples=40, deadline=None)
def test_clipping_changes_no_pixel_inside(start, end, diameter):
    large = Box(-200, -200, 300, 300)
    box, region = capsule(start, end, diameter, large)
    canvas = np.zeros(large.shape, bool)
    canvas[box.within(large)] = region
    assert (painted(start, end, diameter) == canvas[IMAGE.within(large)]).all()


def test_far_outside_is_falsy():
    box, region = capsule((-50, -50), (-40, -90), 9, IMAGE)
    assert not box
    assert not region.any()
