import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from segstudio.interactive.distances import squared_distances


@given(st.integers(0, 1000), st.integers(1, 25), st.integers(1, 25), st.floats(0.001, 0.9))
@settings(deadline=None)
def test_distances_are_those_to_the_nearest_pixel(seed, height, width, share):
    region = np.random.default_rng(seed).random((height, width)) < share
    places, found = np.argwhere(region), squared_distances(region)
    for at in np.ndindex(region.shape):
        expected = ((places - at) ** 2).sum(1).min() if len(places) else np.inf
        assert found[at] == expected


def test_distances_are_exact_far_away():
    region = np.zeros((350, 360), bool)
    region[0, 0] = True
    expected = np.arange(360) ** 2 + (np.arange(350) ** 2)[:, None]
    assert (squared_distances(region) == expected).all()
