import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRect, QRectF

from segstudio.domain.geometry import Box
from segstudio.gui.canvas.viewport import LARGEST, Viewport

sides = st.integers(1, 40_000)
places = st.tuples(st.floats(0, 800), st.floats(0, 600))
steps = st.lists(
    st.one_of(
        st.tuples(st.just("zoom"), places, st.floats(0.2, 5)),
        st.tuples(st.just("pan"), places, st.just(0.0)),
    ),
    max_size=6,
)


def view_of(height, width, moves=()):
    view = Viewport()
    view.resize(800, 600)
    view.show(Box(0, 0, height, width))
    for kind, (x, y), factor in moves:
        if kind == "zoom":
            view.zoom_at(QPointF(x, y), factor)
        else:
            view.pan(QPointF(x - 400, y - 300))
    return view


@given(sides, sides, steps, places)
@settings(max_examples=60, deadline=None)
def test_there_and_back(height, width, moves, place):
    view = view_of(height, width, moves)
    back = view.to_view(*view.to_image(QPointF(*place)))
    assert (back.x(), back.y()) == pytest.approx(place, abs=1e-6)


@given(sides, sides, steps, places, st.floats(0.2, 5))
@settings(max_examples=60, deadline=None)
def test_zooming_keeps_what_is_under_the_cursor(height, width, moves, place, factor):
    view = view_of(height, width, moves)
    view._keep_in_sight = lambda: None  # this may move a picture that would leave the view
    at = QPointF(*place)
    before, zoom = view.to_image(at), view.zoom
    view.zoom_at(at, factor)
    assert view.to_image(at) == pytest.approx(before, rel=1e-9, abs=1e-6 / min(view.zoom, zoom))
    assert view.zoom <= LARGEST


def extent(view):
    """Return where the image lies, to the fraction of a pixel."""
    return QRectF(view.to_view(0, 0), view.to_view(view.image.width, view.image.height))


@given(sides, sides, steps)
@settings(max_examples=60, deadline=None)
def test_the_image_never_leaves_the_view(height, width, moves):
    shown = extent(view_of(height, width, moves))
    assert shown.left() < 800
    assert shown.top() < 600
    assert shown.right() > 0
    assert shown.bottom() > 0


@given(sides, sides)
@settings(max_examples=60, deadline=None)
def test_fitting_shows_all_of_the_image_in_the_middle(height, width):
    view = view_of(height, width)
    rect = extent(view)
    assert view.fitted
    assert QRectF(0, 0, 800, 600).contains(rect)
    assert rect.center().x() == pytest.approx(400)
    assert rect.center().y() == pytest.approx(300)
    assert view.box(QRect(0, 0, 800, 600)) == view.image


@given(sides, sides, steps, places, places)
@settings(max_examples=60, deadline=None)
def test_a_part_of_the_widget_shows_at_least_the_pixels_in_it(height, width, moves, a, b):
    view = view_of(height, width, moves)
    part = QRectF(QPointF(*a), QPointF(*b)).normalized()
    box = view.box(part)
    for corner in (part.topLeft(), part.bottomRight()):
        x, y = view.to_image(corner)
        if 0 <= x < width and 0 <= y < height:
            assert box.left <= x <= box.right
            assert box.top <= y <= box.bottom
    if box:
        assert box.clipped(view.image) == box


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0])
@pytest.mark.parametrize("zoom", [0.13, 0.5, 0.77, 1.0, 3.3])
def test_neighbouring_boxes_leave_no_gap(zoom, ratio):
    view = view_of(4000, 3000)
    view.zoom_at(QPointF(123.4, 77.7), zoom / view.zoom)
    left, right = view.rect(Box(0, 0, 512, 512), ratio), view.rect(Box(0, 512, 512, 1024), ratio)
    assert left.right() == pytest.approx(right.left(), abs=1e-9)
    assert left.left() * ratio == pytest.approx(round(left.left() * ratio))


def test_resizing_keeps_the_middle_or_the_fit():
    view = view_of(1000, 1000)
    view.resize(400, 400)
    assert view.zoom == view.fit_zoom
    view.zoom_at(QPointF(10, 10), 4)
    middle = view.to_image(QPointF(200, 200))
    view.resize(900, 500)
    assert view.to_image(QPointF(450, 250)) == pytest.approx(middle)


def test_a_box_is_brought_into_the_middle():
    view = view_of(3000, 4000)
    view.show_box(Box(100, 200, 164, 264))
    assert view.to_image(QPointF(400, 300)) == pytest.approx((232, 132))
    assert view.zoom == pytest.approx(300 / 64)
    view.show_box(Box(0, 0, 3000, 4000))
    assert view.zoom == view.fit_zoom


def test_the_level_is_the_sharpest_that_is_not_wasted():
    view = view_of(100, 100)
    for zoom, level in [(5, 0), (1, 0), (0.9, 0), (0.5, 1), (0.3, 1), (0.25, 2), (0.01, 4)]:
        view.zoom = zoom
        assert view.level(4) == level
