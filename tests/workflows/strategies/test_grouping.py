import math
import tracemalloc

import numpy as np
import pytest

from segstudio.domain.task import Cancelled, Quiet
from segstudio.workflows.strategies.choosing import Batch
from segstudio.workflows.strategies.grouping import k_centres, k_means, standard, typical


def rng():
    return np.random.default_rng(0)


def batch(count=12):
    """Regions of as many pictures."""
    return Batch(np.arange(count), np.tile(np.array([[0, 0, 10, 10]], np.int32), (count, 1)))


def test_features_count_alike_and_constant_ones_not_at_all():
    values = standard(np.array([[1.0, 500, 7], [3, 100, 7], [math.nan, 300, 7]]))
    assert values[:, 1].std() == pytest.approx(1)
    assert values[2, 0] == 0
    assert (values[:, 2] == 0).all()


def test_k_centres_go_to_what_is_farthest_from_all_known():
    line = np.arange(12, dtype=float)[:, None]
    assert [p for p, _ in k_centres(line, batch(), 3, np.array([[0.0]]))] == [11, 5, 8]
    assert k_centres(line, batch(), 1, np.array([[2.0]])) == [(11, 9.0)]
    assert [p for p, _ in k_centres(line, batch(), 3)] == [5, 11, 0]
    assert len(k_centres(line, batch(), 50)) == 12
    assert k_centres(np.zeros((0, 2)), batch(0), 3) == []


def test_many_known_regions_take_no_more_memory_than_few():
    values = rng().normal(size=(1000, 4))
    tracemalloc.start()
    found = k_centres(values, batch(1000), 3, rng().normal(size=(1500, 4)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(found) == 3
    assert peak < 3_000_000  # a distance from each to each would be 12 MB


def test_the_nearest_of_many_known_regions_counts():
    random = rng()
    values, known = random.normal(size=(40, 3)), random.normal(size=(150, 3))
    apart = np.linalg.norm(values[:, None] - known[None], axis=2).min(1)
    place, far = k_centres(values, batch(40), 1, known)[0]
    assert place == apart.argmax()
    assert far == pytest.approx(apart.max())


class Stop(Quiet):
    def report(self, done, total, text):
        if done >= 64:
            raise Cancelled


def test_many_comparisons_can_be_stopped():
    with pytest.raises(Cancelled):
        k_centres(np.zeros((12, 2)), batch(), 3, np.ones((200, 2)), Stop())


def test_k_centres_take_regions_that_are_all_alike():
    assert len({p for p, _ in k_centres(np.zeros((12, 2)), batch(), 12)}) == 12


def test_the_typical_are_one_of_each_cluster_the_largest_first():
    features = np.concatenate([rng().normal(at, 0.1, (n, 2)) for at, n in ((0, 7), (9, 2), (5, 3))])
    found = typical(features, batch(), 3, rng())
    assert [share for _, share in found] == pytest.approx([7 / 12, 3 / 12, 2 / 12])
    groups = [0 if place < 7 else 1 if place < 9 else 2 for place, _ in found]
    assert groups == [0, 2, 1]


def test_equal_rows_are_one_cluster():
    centres, cluster = k_means(np.ones((5, 2)), 3, rng())
    assert len(centres) == 1
    assert cluster.tolist() == [0] * 5
