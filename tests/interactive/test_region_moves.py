import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segstudio.domain.geometry import Box
from segstudio.interactive.region_moves import lifted, placed


def sample(seed=0, height=12, width=15):
    rng = np.random.default_rng(seed)
    return rng.integers(0, 4, (height, width), dtype=np.uint8), rng.random((height, width)) < 0.2


def put(shape, box, ids, region):
    out = np.full(shape, 99, np.uint8)
    if box:
        out[box.slices][region] = ids[region]
    return out


@given(st.integers(0, 500))
def test_a_region_put_where_it_was_is_the_same(seed):
    ids, region = sample(seed)
    snippet = lifted(ids, region)
    at = snippet.box.left, snippet.box.top
    found = put(ids.shape, *placed(snippet, at))
    assert (found == np.where(region, ids, 99)).all()


@given(st.integers(0, 500), st.integers(-20, 30), st.integers(-20, 30))
def test_a_region_moves_pixel_by_pixel_and_is_cut_off_at_the_edge(seed, x, y):
    ids, region = sample(seed)
    snippet, image = lifted(ids, region), Box(0, 0, 18, 14)
    found = put((18, 14), *placed(snippet, (x, y), image=image))
    expected = np.full((18, 14), 99, np.uint8)
    for row, column in np.argwhere(region):
        to = row - snippet.box.top + y, column - snippet.box.left + x
        if 0 <= to[0] < 18 and 0 <= to[1] < 14:
            expected[to] = ids[row, column]
    assert (found == expected).all()


@pytest.mark.parametrize(
    ("mirrored", "turn"),
    [
        ("left_right", np.fliplr),
        ("top_bottom", np.flipud),
        ("both", lambda a: np.flipud(np.fliplr(a))),
    ],
)
def test_mirroring(mirrored, turn):
    ids, region = sample()
    snippet = lifted(ids, region)
    box, new, where = placed(snippet, (0, 0), mirrored)
    assert box.shape == snippet.box.shape
    assert (new == turn(snippet.ids)).all()
    assert (where == turn(snippet.region)).all()


def test_a_snippet_keeps_what_was_there_then():
    ids, region = sample()
    before = ids.copy()
    snippet = lifted(ids, region)
    ids[:] = 9
    assert (snippet.ids == before[snippet.box.slices]).all()
    new = placed(snippet, (0, 0))[1]
    new[:] = 9
    assert (snippet.ids == before[snippet.box.slices]).all()


def test_a_region_of_a_part_of_the_image_knows_where_it_came_from():
    ids, region = sample()
    whole = lifted(ids, region & (np.arange(15) > 4))
    part = lifted(ids[:, 5:], region[:, 5:], Box(0, 5, 12, 15))
    assert part.box == whole.box
    assert (part.ids == whole.ids).all()
    assert (part.region == whole.region).all()


def test_nothing_lifted_is_nothing_placed():
    snippet = lifted(np.zeros((5, 5), np.uint8), np.zeros((5, 5), bool))
    assert not snippet
    assert not placed(snippet, (2, 2))[0]
