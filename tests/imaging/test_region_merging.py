import numpy as np
import pytest

from segstudio.domain.task import Cancelled, Quiet
from segstudio.imaging.adjacency import Borders
from segstudio.imaging.region_merging import merged


def scene(seed, count=14, shape=(20, 24)):
    """Return regions around random places, with colours and areas."""
    rng = np.random.default_rng(seed)
    places = rng.random((count, 2)) * shape
    at = np.moveaxis(np.indices(shape), 0, 2)[:, :, None]
    nearest = ((at - places) ** 2).sum(3).argmin(2)
    labels = np.unique(nearest, return_inverse=True)[1].reshape(shape).astype(np.int32)
    return labels, rng.random((labels.max() + 1, 3)) * 100


def by_hand(labels, colours, left):
    """Join the cheapest pair, compare all pairs anew, and so on."""
    labels = labels.copy()
    values = colours[labels]
    while len(np.unique(labels)) > left:
        borders = Borders.of(labels)
        costs = []
        for (one, other), length in zip(borders.pairs, borders.lengths, strict=True):
            first, second = labels == one, labels == other
            apart = ((values[first].mean(0) - values[second].mean(0)) ** 2).sum()
            sizes = first.sum() * second.sum() / (first.sum() + second.sum())
            costs.append(sizes * apart / length)
        one, other = borders.pairs[int(np.argmin(costs))]
        labels[labels == other] = one
    return np.unique(labels, return_inverse=True)[1].reshape(labels.shape)


def same_parts(one, other):
    pairs = set(zip(one.ravel().tolist(), other.ravel().tolist(), strict=True))
    return len(pairs) == len(np.unique(one)) == len(np.unique(other))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("left", [1, 2, 5, 9])
def test_the_cheapest_pair_is_joined_each_time(seed, left):
    labels, colours = scene(seed)
    areas = np.bincount(labels.ravel()).astype(np.float64)
    found = merged(colours, areas, Borders.of(labels), left, Quiet())[labels]
    assert set(np.unique(found)) == set(range(left))
    assert same_parts(found, by_hand(labels, colours, left))


def test_fewer_regions_than_asked_for_stay_as_they_are():
    labels, colours = scene(0)
    areas = np.bincount(labels.ravel()).astype(np.float64)
    found = merged(colours, areas, Borders.of(labels), 100, Quiet())
    assert (found == np.arange(len(areas))).all()


def test_it_can_be_cancelled():
    class Impatient:
        def report(self, done, total, text):
            raise Cancelled

    labels, colours = scene(0)
    with pytest.raises(Cancelled):
        merged(colours, np.ones(len(colours)), Borders.of(labels), 1, Impatient())
