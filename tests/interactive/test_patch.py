import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segstudio.domain.geometry import Box
from segstudio.interactive.patch import Patch, pixel_of

IMAGE = Box(0, 0, 20, 24)


@st.composite
def patches(draw):
    top, left = draw(st.integers(0, 15)), draw(st.integers(0, 18))
    box = Box(top, left, top + draw(st.integers(0, 5)), left + draw(st.integers(0, 6)))
    seed = draw(st.integers(0, 1000))
    return Patch(box, np.random.default_rng(seed).random(box.shape) < draw(st.floats(0, 1)))


def whole(patch):
    return patch.over(IMAGE)


@given(patches(), patches())
def test_sets_of_pixels(one, other):
    assert (whole(one.united(other)) == (whole(one) | whole(other))).all()
    assert (whole(one.minus(other)) == (whole(one) & ~whole(other))).all()
    assert (whole(one.common(other)) == (whole(one) & whole(other))).all()
    assert one.area == whole(one).sum()
    assert bool(one) == bool(whole(one).any())


@given(patches(), patches())
def test_clipping_keeps_what_lies_inside(patch, other):
    inside = np.zeros(IMAGE.shape, bool)
    inside[other.box.slices] = True
    assert (whole(patch.clipped(other.box)) == (whole(patch) & inside)).all()


@given(patches())
def test_the_tightest_box_holds_the_same_pixels(patch):
    tight = patch.tight()
    assert (whole(tight) == whole(patch)).all()
    if tight:
        edges = (tight.region[0], tight.region[-1], tight.region[:, 0], tight.region[:, -1])
        assert all(edge.any() for edge in edges)


def test_a_whole_box_takes_no_memory():
    patch = Patch.whole(Box(0, 0, 100_000, 100_000))
    assert patch.region.strides == (0, 0)
    assert not Patch.whole(Box(3, 3, 3, 9))


def test_a_region_must_fill_its_box():
    with pytest.raises(ValueError, match="does not fill"):
        Patch(Box(0, 0, 2, 2), np.ones((3, 2), bool))


@pytest.mark.parametrize(
    ("point", "pixel"),
    [
        ((0.5, 0.5), (0, 0)),
        ((23.9, 19.9), (19, 23)),
        ((3.0, 4.0), (4, 3)),
        ((24, 5), None),
        ((-0.1, 5), None),
        ((5, 20), None),
        ((float("nan"), 5), None),
        ((float("inf"), 5), None),
    ],
)
def test_the_pixel_of_a_point(point, pixel):
    assert pixel_of(point, IMAGE) == pixel
