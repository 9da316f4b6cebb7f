import itertools
from typing import Any

import numpy as np
import pytest

from segstudio.domain.task import Cancelled, Quiet
from segstudio.methods import clustering
from segstudio.methods.clustering import assign, kmeans, lloyd, nearest, rounds, some

QUIET = Quiet()


def blobs(number: int, seed: int = 0, bands: int = 3) -> Any:
    random = np.random.default_rng(seed)
    middles = random.uniform(0, 255, (number, bands))
    return np.concatenate([m + random.normal(0, 12, (300, bands)) for m in middles])


def inertia(points: Any, counts: Any, centres: Any) -> float:
    return float((assign(points, (points**2).sum(1), centres)[1] * counts).sum())


@pytest.mark.parametrize("start", ["k-means++", "random"])
@pytest.mark.parametrize(("clusters", "bands"), [(2, 1), (6, 3), (12, 3), (9, 5)])
def test_the_inertia_is_scikit_learns(clusters: int, bands: int, start: Any) -> None:
    from sklearn.cluster import KMeans as Reference

    points = blobs(8, clusters, bands)
    counts = np.random.default_rng(1).integers(1, 20, len(points)).astype(float)
    centres = kmeans(points, counts, clusters, 0, QUIET, start)
    reference = Reference(clusters, init=start, n_init=8, random_state=0)
    reference.fit(points, sample_weight=counts)
    assert len(centres) == clusters
    # Starts anywhere end in worse places now and then, of both.
    slack = 1.005 if start == "k-means++" else 1.03
    assert inertia(points, counts, centres) <= slack * reference.inertia_


def test_from_the_same_start_lloyd_ends_where_scikit_learn_does() -> None:
    from sklearn.cluster import KMeans as Reference

    points = blobs(5, 3)
    first = points[[0, 400, 700, 1000, 1400]]
    centres, cost = lloyd(points, np.ones(len(points)), first, QUIET)
    reference = Reference(5, init=first, n_init=1, tol=0, algorithm="lloyd").fit(points)
    assert np.allclose(centres, reference.cluster_centers_, atol=0.3)
    assert cost == pytest.approx(reference.inertia_, rel=1e-4)
    assert (nearest(points, centres) == reference.labels_).mean() > 0.999


def test_the_inertia_falls_from_round_to_round() -> None:
    points, counts = blobs(6), np.ones(1800)
    taken = list(rounds(points, counts, points[:6], QUIET))
    sums = [one.inertia for one in taken]
    assert len(taken) > 3
    assert sums == sorted(sums, reverse=True)
    assert sums[-1] == pytest.approx(inertia(points, counts, taken[-1].centres))
    assert np.isinf(taken[0].moved)
    assert (taken[0].centres == points[:6]).all()
    for before, after in itertools.pairwise(taken):
        assert after.moved == pytest.approx(np.abs(after.centres - before.centres).max())


def test_a_centre_without_points_moves_to_the_worst_represented() -> None:
    points = np.array([[0.0], [1.0], [50.0], [100.0]])
    centres, cost = lloyd(points, np.ones(4), np.array([[0.5], [75.0], [9000.0]]), QUIET)
    assert sorted(centres.ravel()) == [0.5, 50, 100]
    assert cost == pytest.approx(0.5)


def test_weights_count_as_so_many_points() -> None:
    random = np.random.default_rng(0)
    points = random.uniform(0, 255, (40, 3))
    counts = random.integers(1, 9, 40)
    weighted = kmeans(points, counts.astype(float), 3, 0, QUIET)
    repeated = np.repeat(points, counts, axis=0)
    single = kmeans(repeated, np.ones(len(repeated)), 3, 0, QUIET)
    order = [np.argsort(found[:, 0]) for found in (weighted, single)]
    assert np.allclose(weighted[order[0]], single[order[1]], atol=0.2)


@pytest.mark.parametrize("start", ["k-means++", "random"])
def test_there_are_no_more_centres_than_different_points(start: Any) -> None:
    points = np.repeat([[1.0, 2.0], [7.0, 7.0], [9.0, 1.0]], 50, axis=0)
    assert len(kmeans(points, np.ones(150), 12, 0, QUIET, start)) == 3
    assert len(kmeans(points[:1], np.ones(1), 2, 0, QUIET, start)) == 1


def test_some_points_stand_for_all() -> None:
    random = np.random.default_rng(0)
    points, counts = np.arange(5000.0)[:, None], np.where(np.arange(5000) < 50, 1000.0, 1.0)
    drawn, times = some(points, counts, 2000, random)
    assert len(drawn) < 2000
    assert times.sum() == 2000
    share = times[drawn[:, 0] < 50].sum() / 2000
    assert share == pytest.approx(50_000 / 54_950, abs=0.03)
    assert some(points, counts, 5000, random)[0] is points


def test_it_can_be_cancelled_between_rounds() -> None:
    class Impatient:
        left = 3

        def report(self, done: int, total: int, text: str) -> None:
            self.left -= 1
            if not self.left:
                raise Cancelled

    with pytest.raises(Cancelled):
        lloyd(blobs(6), np.ones(1800), blobs(6)[:6], Impatient())


def test_cells_hold_the_means_of_their_points_and_all_their_weight():
    random = np.random.default_rng(5)
    points, counts = random.uniform(0, 255, (5000, 3)), random.uniform(0.5, 9, 5000)
    means, weights = clustering.gathered(points, counts)
    assert len(means) < len(points)
    assert np.isclose(weights.sum(), counts.sum())
    assert np.allclose((means * weights[:, None]).sum(0), (points * counts[:, None]).sum(0))


def test_of_many_points_the_sum_of_squares_is_as_small_as_without_cells(monkeypatch):
    random = np.random.default_rng(6)
    middles = random.uniform(40, 215, (6, 3))
    points = (middles[random.integers(0, 6, 30_000)] + random.normal(0, 20, (30_000, 3))).clip(
        0, 255
    )
    counts = np.ones(len(points))

    def inertia():
        centres = clustering.kmeans(points, counts, 6, 0, Quiet())
        return ((points[:, None] - centres) ** 2).sum(2).min(1).sum()

    with_cells = inertia()
    monkeypatch.setattr(clustering, "MANY", 10**9)
    assert with_cells <= inertia() * 1.001
