import numpy as np
import pytest
from scipy.ndimage import gaussian_filter, generate_binary_structure, label
from skimage.morphology import h_minima
from skimage.segmentation import watershed

from segstudio.domain.task import Cancelled, Quiet
from segstudio.imaging.basins import basins


def landscape(seed=0, shape=(90, 120)):
    rough = gaussian_filter(np.random.default_rng(seed).normal(size=shape), 3)
    return (rough / rough.std() * 10).astype(np.float32)


def test_without_a_depth_every_minimum_has_its_basin():
    heights = landscape()
    expected = watershed(heights) - 1
    assert expected.max() > 50
    assert (basins(heights, 0, Quiet()) == expected).all()


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("depth", [1.0, 3.0, 8.0, 20.0])
def test_the_basins_left_are_those_of_minima_as_deep(seed, depth):
    """Morphology (scikit-image) says which minima are as deep: each has a basin of its own."""
    heights = landscape(seed)
    found = basins(heights, depth, Quiet())
    cross = generate_binary_structure(2, 1)
    deep, count = label(h_minima(heights.astype(np.float64), depth, cross), cross)
    assert found.max() + 1 == count
    owners = {int(found[deep == n][0]) for n in range(1, count + 1)}
    assert owners == set(range(count))


def test_a_basin_runs_over_where_its_rim_is_lowest():
    profile = np.array([9, 0, 5, 3, 6, 1, 9], np.float32)  # the middle one is 2 deep
    heights = np.repeat(profile[None], 4, 0)
    assert len(np.unique(basins(heights, 1.9, Quiet()))) == 3
    joined = basins(heights, 2.1, Quiet())[0]
    assert joined[3] == joined[1] != joined[5]
    assert len(np.unique(basins(heights, 5.1, Quiet()))) == 1


def test_basins_are_connected():
    found = basins(landscape(), 3, Quiet())
    parts = sum(label(found == n)[1] for n in range(found.max() + 1))
    assert parts == found.max() + 1


def test_a_plain_is_one_basin():
    assert (basins(np.full((7, 9), 3, np.float32), 1, Quiet()) == 0).all()


def test_it_can_be_cancelled():
    class Later:
        def report(self, done, total, text):
            if done == 2:
                raise Cancelled

    with pytest.raises(Cancelled):
        basins(landscape(), 1, Later())
