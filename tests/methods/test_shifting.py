from typing import Any

import numpy as np
import pytest

from segstudio.domain.task import Cancelled, Quiet
from segstudio.methods.shifting import MODES, estimated, modes

QUIET = Quiet()


def blobs(seed: int = 0) -> Any:
    random = np.random.default_rng(seed)
    middles = ((40, 40, 50), (200, 60, 60), (90, 180, 220), (240, 240, 230))
    sizes = (400, 250, 150, 80)
    return np.concatenate(
        [random.normal(m, 9, (n, 3)) for m, n in zip(middles, sizes, strict=True)]
    )


@pytest.mark.parametrize("bandwidth", [20.0, 35.0, 60.0])
def test_the_peaks_are_scikit_learns(bandwidth: float) -> None:
    from sklearn.cluster import MeanShift as Reference

    points = blobs()
    found = modes(points, np.ones(len(points)), bandwidth, 0, QUIET)
    reference = Reference(bandwidth=bandwidth, bin_seeding=True).fit(points).cluster_centers_
    assert found.shape == reference.shape
    apart = np.linalg.norm(found[:, None] - reference[None], axis=2)
    assert apart.min(0).max() < 0.1 * bandwidth
    assert np.allclose(found[:3], reference[:3], atol=0.05 * bandwidth)


@pytest.mark.parametrize("quantile", [0.1, 0.2, 0.5])
def test_the_bandwidth_is_scikit_learns(quantile: float) -> None:
    from sklearn.cluster import estimate_bandwidth

    points = blobs()[::2]
    expected = estimate_bandwidth(points, quantile=quantile)
    assert estimated(points, np.ones(len(points)), quantile) == pytest.approx(expected, rel=1e-6)


def test_counts_are_so_many_points() -> None:
    random = np.random.default_rng(0)
    points = np.rint(blobs()[::7])
    times = random.integers(1, 5, len(points))
    repeated = np.repeat(points, times, axis=0)
    assert estimated(points, times.astype(float), 0.2) == pytest.approx(
        estimated(repeated, np.ones(len(repeated)), 0.2)
    )
    one = modes(points, times.astype(float), 40, 0, QUIET)
    two = modes(repeated, np.ones(len(repeated)), 40, 0, QUIET)
    assert np.allclose(one, two, atol=0.01)


def test_without_a_bandwidth_clear_groups_are_found() -> None:
    assert len(modes(blobs(), np.ones(880), None, 0, QUIET)) == 4


def test_there_are_never_more_peaks_than_numbers() -> None:
    points = np.random.default_rng(0).uniform(0, 255, (2500, 3))
    found = modes(points, np.ones(2500), 1.0, 0, QUIET)
    assert 200 < len(found) <= MODES
    assert len(modes(np.full((9, 3), 7.0), np.ones(9), None, 0, QUIET)) == 1


def test_climbing_can_be_cancelled() -> None:
    class Impatient:
        def report(self, done: int, total: int, text: str) -> None:
            if done == 2:
                raise Cancelled

    with pytest.raises(Cancelled):
        modes(blobs(), np.ones(880), 20, 0, Impatient())
