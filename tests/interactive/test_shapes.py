"""Every shape against its definition, pixel by pixel."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from segstudio.domain.geometry import Box
from segstudio.domain.stroke import snapped
from segstudio.interactive.shapes import ellipse, line, pieces, polygon, rectangle, square

IMAGE = Box(0, 0, 18, 22)
X, Y = np.meshgrid(np.arange(22) + 0.5, np.arange(18) + 0.5)

quarters = st.integers(-24, 120).map(lambda n: n / 4)
points = st.tuples(quarters, quarters)


def drawn(patch):
    return patch.over(IMAGE)


@given(points, points)
def test_a_rectangle_holds_the_centres_between_its_corners(a, b):
    (x0, x1), (y0, y1) = sorted((a[0], b[0])), sorted((a[1], b[1]))
    expected = (x0 <= X) & (x1 >= X) & (y0 <= Y) & (y1 >= Y)
    assert (drawn(rectangle(a, b, IMAGE)) == expected).all()


@given(points, points)
def test_an_ellipse_holds_the_centres_inside_it(a, b):
    wide, high = abs(a[0] - b[0]) / 2, abs(a[1] - b[1]) / 2
    found = drawn(ellipse(a, b, IMAGE))
    if not wide or not high:
        assert not found.any()
        return
    away = ((X - (a[0] + b[0]) / 2) / wide) ** 2 + ((Y - (a[1] + b[1]) / 2) / high) ** 2
    assert (found == (away <= 1 + 1e-9)).all()


def inside(corners, x, y):
    """Count the edges left of a point (Jordan), one by one; products of quarters are exact."""
    odd = False
    for (x0, y0), (x1, y1) in zip(corners, corners[1:] + corners[:1], strict=True):
        side = ((x - x0) * (y1 - y0) - (y - y0) * (x1 - x0)) * (1 if y1 > y0 else -1)
        if (y0 <= y) != (y1 <= y) and side >= 0:
            odd = not odd
    return odd


@given(st.lists(points, min_size=3, max_size=9))
@example([(2, 2), (16, 2), (4, 14), (9, -5), (14, 14)])  # a star
@example([(2, 2), (12, 12), (12, 2), (2, 12)])  # a bow
@example([(3.5, 3.5), (3.5, 3.5), (3.5, 3.5)])
@example([(1.25, 2.25), (1.5, 7.25), (19.5, 2.5), (10.25, 28.5), (26, 27)])  # a centre on an edge
@settings(deadline=None)
def test_a_polygon_holds_the_centres_that_edges_surround_an_odd_number_of_times(corners):
    found = drawn(polygon(corners, IMAGE))
    expected = [[inside(corners, x + 0.5, y + 0.5) for x in range(22)] for y in range(18)]
    assert (found == np.array(expected)).all()


@given(st.lists(points, min_size=3, max_size=9), st.integers(0, 8))
def test_a_polygon_does_not_depend_on_where_it_begins(corners, turn):
    turn %= len(corners)
    assert (
        drawn(polygon(corners, IMAGE)) == drawn(polygon(corners[turn:] + corners[:turn], IMAGE))
    ).all()
    assert (drawn(polygon(corners, IMAGE)) == drawn(polygon(corners[::-1], IMAGE))).all()


@given(points, points, points, points)
def test_polygons_that_share_an_edge_share_no_pixel(a, b, c, d):
    """Two triangles of any quadrangle, even of one that crosses itself, make it up."""
    one, other = drawn(polygon([a, b, c], IMAGE)), drawn(polygon([a, c, d], IMAGE))
    assert ((one ^ other) == drawn(polygon([a, b, c, d], IMAGE))).all()


@pytest.mark.parametrize("corners", [[], [(1, 1)], [(1, 1), (9, 9)]])
def test_fewer_than_three_points_surround_nothing(corners):
    assert not polygon(corners, IMAGE)


def test_a_polygon_wholly_outside_is_empty_and_one_around_is_everything():
    assert not polygon([(-9, -9), (-2, -9), (-2, -2)], IMAGE)
    assert drawn(polygon([(-900, -900), (900, -900), (900, 900), (-900, 900)], IMAGE)).all()


def dabs(start, end, side, steps=4000):
    """Put the brush down at very many places on its way."""
    (x0, y0), (x1, y1) = snapped(start, side), snapped(end, side)
    out = np.zeros(IMAGE.shape, bool)
    for t in np.linspace(0, 1, steps if (x0, y0) != (x1, y1) else 1):
        x, y = x0 + t * (x1 - x0), y0 + t * (y1 - y0)
        out |= (abs(X - x) <= side / 2 - 1e-3) & (abs(Y - y) <= side / 2 - 1e-3)
    return out


@given(points, points, st.integers(1, 9))
@settings(max_examples=25, deadline=None)
def test_a_square_brush_covers_what_it_passes_over(start, end, side):
    found, expected = drawn(square(start, end, side, IMAGE)), dabs(start, end, side)
    assert not (expected & ~found).any()
    # Pixels whose centre a corner of the brush just touches may be painted as well.
    (x0, y0), (x1, y1) = snapped(start, side), snapped(end, side)
    for row, column in np.argwhere(found & ~expected):
        x, y = column + 0.5, row + 0.5
        corner = [abs((x - x0 + i) * (y1 - y0) - (y - y0 + j) * (x1 - x0))
                  for i in (-side / 2, side / 2) for j in (-side / 2, side / 2)]  # fmt: skip
        assert min(corner) < 0.1


@given(points, points, st.integers(1, 9))
def test_brushes_paint_the_same_there_and_back(start, end, side):
    for draw in (square, line):
        there, back = draw(start, end, side, IMAGE), draw(end, start, side, IMAGE)
        assert (drawn(there) == drawn(back)).all()


@pytest.mark.parametrize("side", [1, 2, 3, 8])
def test_a_square_dab_is_side_by_side(side):
    assert square((9, 9), (9, 9), side, IMAGE).area == side * side


@given(st.integers(0, 12), st.integers(0, 12), st.integers(1, 10), st.integers(1, 8))
def test_shapes_are_symmetric(left, top, width, height):
    a, b = (left, top), (left + width, top + height)
    for draw in (rectangle, ellipse):
        region = draw(a, b, Box(-99, -99, 99, 99)).region
        assert (region == region[::-1]).all()
        assert (region == region[:, ::-1]).all()


def test_a_large_shape_is_the_same_piece_by_piece():
    image = Box(0, 0, 2500, 3100)
    corners = [(-40.0, 100.0), (3300.0, 900.0), (300.0, 2600.0), (1500.0, -77.0)]
    for draw in (
        lambda box: polygon(corners, box),
        lambda box: ellipse((-300, 20), (2800.5, 2400.25), box),
    ):
        out = np.zeros(image.shape, bool)
        for patch in pieces(draw, image):
            assert max(patch.box.shape) <= 1024
            out[patch.box.slices] |= patch.region
        assert (out == draw(image).over(image)).all()
