import numpy as np
import pytest

from segstudio.domain.task import Quiet
from segstudio.methods.choosing import curve, distances, elbow, silhouette
from segstudio.methods.clustering import nearest

QUIET = Quiet()


@pytest.mark.parametrize("clusters", [2, 5, 9])
def test_the_silhouette_is_scikit_learns(clusters: int) -> None:
    from sklearn.metrics import silhouette_score

    random = np.random.default_rng(clusters)
    points = random.uniform(0, 255, (120, 3))
    times = random.integers(1, 6, 120)
    ids = nearest(points, points[:clusters])
    found = silhouette(distances(points), times.astype(float), ids)
    repeated, labels = np.repeat(points, times, axis=0), np.repeat(ids, times)
    assert found == pytest.approx(silhouette_score(repeated, labels), abs=1e-6)


def test_single_points_and_single_clusters_are_not_clear() -> None:
    points = np.array([[0.0], [1.0], [9.0]])
    apart = distances(points)
    assert silhouette(apart, np.ones(3), np.array([0, 0, 0])) == 0
    expected = (8 / 9 + 7 / 8 + 0) / 3
    assert silhouette(apart, np.ones(3), np.array([0, 0, 1])) == pytest.approx(expected)
    # A number between them that nothing belongs to changes nothing.
    assert silhouette(apart, np.ones(3), np.array([0, 0, 2])) == pytest.approx(expected)


def test_the_elbow_lies_furthest_below_the_line() -> None:
    assert elbow((1, 2, 3, 4, 5), (100, 60, 20, 17, 15)) == 3
    assert elbow((1, 2, 3, 4, 5), (100, 10, 9, 8, 7)) == 2
    assert elbow((1, 2, 3), (100, 100, 100)) == 2
    assert elbow((1, 2), (5, 0)) == 2


@pytest.mark.parametrize("groups", [3, 4, 6])
def test_clear_groups_are_counted(groups: int) -> None:
    random = np.random.default_rng(groups)
    corners = np.array([[0, 0, 0], [255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 0],
                        [255, 255, 255]], float)[:groups]  # fmt: skip
    points = np.concatenate([corner + random.normal(0, 6, (200, 3)) for corner in corners])
    found, bend = curve(points, np.ones(len(points)), 10, 0, "k-means++", QUIET)
    assert found.chosen == groups
    assert bend == groups
    assert found.clusters == tuple(range(2, 11))
    assert len(found.inertia) == len(found.silhouette) == 9
    assert list(found.inertia) == sorted(found.inertia, reverse=True)


def test_no_more_clusters_are_tried_than_there_are_points() -> None:
    points = np.array([[0.0], [10.0], [200.0]])
    found, bend = curve(points, np.full(3, 5.0), 12, 0, "k-means++", QUIET)
    assert found.clusters == (2, 3)
    assert found.inertia == pytest.approx((250.0, 0.0))
    assert found.chosen == 3
    assert bend in (2, 3)


def test_one_colour_is_one_cluster() -> None:
    found, bend = curve(np.array([[7.0]]), np.array([90.0]), 12, 0, "random", QUIET)
    assert (found.clusters, found.inertia, found.silhouette) == ((1,), (0.0,), (0.0,))
    assert found.chosen == bend == 1
