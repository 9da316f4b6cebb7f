from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segstudio.domain.features import FeatureMap


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 40), st.integers(1, 40), st.sampled_from([1.0, 2.5, 8.0, 11.4, 64.0]),
    st.integers(1, 20), st.booleans(), st.integers(0, 99),
)  # fmt: skip
def test_a_region_has_the_mean_of_what_its_valid_pixels_lie_in(
    height, width, cell, side, holes, seed
):
    random = np.random.default_rng(seed)
    shape = (3, int(np.ceil(height / cell)), int(np.ceil(width / cell)))
    found = FeatureMap(random.normal(0, 9, shape).astype(np.float32), (cell, cell))
    valid = (random.random((height, width)) > 0.5 * holes).astype(np.float32)
    rows, columns = (np.unique([*range(0, n, side), n]) for n in (height, width))
    pooled = found.pooled(rows, columns, valid)
    cells = (np.arange(n) // cell for n in (height, width))
    large = found.values[(slice(None), *np.ix_(*(place.astype(int) for place in cells)))]
    place = 0
    for top, bottom in pairwise(rows):
        for left, right in pairwise(columns):
            part = valid[top:bottom, left:right]
            total = (large[:, top:bottom, left:right].astype(float) * part).sum((1, 2))
            # Sums of hundreds of numbers in single precision: their last digits differ.
            assert pooled[place] == pytest.approx(total / max(part.sum(), 1), abs=1e-3)
            place += 1
    assert pooled.shape == (place, 3)
    assert pooled.dtype == np.float32


def test_of_every_second_pixel_cells_are_half_as_large():
    found = FeatureMap(np.arange(4, dtype=np.float32).reshape(1, 1, 4), (8.0, 8.0))
    whole = found.pooled(np.array([0, 8]), np.array([0, 8, 32]), np.ones((8, 32), np.float32))
    half = found.every(2).pooled(np.array([0, 4]), np.array([0, 4, 16]), np.ones((4, 16)))
    assert whole.tolist() == half.tolist() == [[0.0], [2.0]]


def test_beyond_a_map_that_is_too_small_its_last_cells_count():
    found = FeatureMap(np.arange(4, dtype=np.float32).reshape(1, 2, 2), (2.0, 2.0))
    pooled = found.pooled(np.array([0, 2, 6]), np.array([0, 2, 9]), np.ones((6, 9), np.float32))
    assert pooled.tolist() == [[0], [1], [2], [3]]


def test_what_is_no_number_counts_as_nothing():
    values = np.array([[[1, np.nan, np.inf, 5]]], np.float32)
    pooled = FeatureMap(values, (1.0, 1.0)).pooled(
        np.array([0, 1]), np.array([0, 2, 4]), np.ones((1, 4), np.float32)
    )
    assert pooled.tolist() == [[0.5], [2.5]]
