from typing import Any

import numpy as np
import pytest

from segstudio.domain.geometry import Box
from segstudio.domain.task import Cancelled, Quiet
from segstudio.domain.tiling import Tile
from segstudio.methods.gaussians import FLOOR, Mixture, fitted

QUIET = Quiet()


def skewed(bands: int = 3, seed: int = 0) -> Any:
    """Points of three Gaussians that lie askew."""
    random = np.random.default_rng(seed)
    parts = []
    for size, middle in ((700, 60), (400, 130), (200, 210)):
        turn = random.normal(0, 8, (bands, bands))
        parts.append(middle + random.normal(0, 1, (size, bands)) @ turn)
    return np.concatenate(parts)


def likelihood(points: Any, mixture: Mixture) -> float:
    """The mean logarithm of the density."""
    return float(np.log(np.exp(mixture.logarithms(points)).sum(1)).mean())


@pytest.mark.parametrize("full", [True, False])
@pytest.mark.parametrize("bands", [1, 3, 4])
def test_the_likelihood_is_scikit_learns(bands: int, full: bool) -> None:
    from sklearn.mixture import GaussianMixture as Reference

    points = skewed(bands)
    found = fitted(points, np.ones(len(points)), 3, full, 0, QUIET)
    kind = "full" if full else "diag"
    reference = Reference(3, covariance_type=kind, reg_covar=FLOOR, random_state=0).fit(points)
    assert likelihood(points, found) >= reference.score(points) - 0.005
    assert found.shares.sum() == pytest.approx(1)


def test_the_density_is_that_of_scikit_learn() -> None:
    from sklearn.mixture import GaussianMixture as Reference

    points = skewed()
    reference = Reference(3, reg_covar=FLOOR, random_state=0).fit(points)
    same = Mixture(reference.weights_, reference.means_, reference.precisions_cholesky_)
    assert likelihood(points, same) == pytest.approx(reference.score(points))
    assert (same.logarithms(points).argmax(1) == reference.predict(points)).all()


def test_counts_are_so_many_points() -> None:
    points = np.rint(skewed()[::4])
    times = np.where(points[:, 0] > points[:, 1], 6, 1)
    one = fitted(points, times.astype(float), 3, True, 0, QUIET)
    repeated = np.repeat(points, times, axis=0)
    two = fitted(repeated, np.ones(len(repeated)), 3, True, 0, QUIET)
    assert likelihood(repeated, one) == pytest.approx(likelihood(repeated, two), abs=0.01)


@pytest.mark.parametrize("full", [True, False])
def test_pixels_get_the_most_probable_part(full: bool) -> None:
    codes = np.clip(skewed(5), 0, 255).astype(np.uint8)[:1280].reshape(80, 16, 5)
    mixture = fitted(codes.reshape(-1, 5).astype(float), np.ones(1280), 4, full, 0, QUIET)
    ids = mixture.label(codes, Tile(codes, Box(0, 0, 80, 16)), QUIET)
    expected = mixture.logarithms(codes.reshape(-1, 5).astype(float)).argmax(1)
    assert (ids.ravel() == expected).mean() > 0.999
    assert mixture.only(np.array([2, 0])).means[0] == pytest.approx(mixture.means[2])


def test_fewer_different_points_make_fewer_parts() -> None:
    points = np.repeat([[5.0, 5.0], [90.0, 7.0]], 30, axis=0)
    found = fitted(points, np.ones(60), 6, True, 0, QUIET)
    assert np.isfinite(found.logarithms(points)).all()
    assert sorted(found.means[:, 0]) == pytest.approx([5, 90])
    assert len(fitted(points[:1], np.ones(1), 6, True, 0, QUIET).shares) == 1


def test_fitting_can_be_cancelled_between_rounds() -> None:
    class Impatient:
        def report(self, done: int, total: int, text: str) -> None:
            if text.startswith("Fitting") and done == 1:
                raise Cancelled

    with pytest.raises(Cancelled):
        fitted(skewed(), np.ones(1300), 3, True, 0, Impatient())
