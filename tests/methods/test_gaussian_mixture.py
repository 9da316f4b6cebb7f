from typing import Any

import numpy as np
import pytest

from segstudio.domain.geometry import Box
from segstudio.domain.task import Quiet
from segstudio.domain.tiling import Tile
from segstudio.methods.builtin.gaussian_mixture import GaussianMixture
from segstudio.methods.builtin.kmeans import KMeans
from segstudio.methods.samples import Samples

QUIET = Quiet()


def wide_and_narrow(bands: int = 3) -> tuple[Any, Any]:
    """A wide group of colours beside a narrow one, whose edge k-means would cut off."""
    random = np.random.default_rng(0)
    truth = random.choice(2, (60, 80), p=(0.6, 0.4))
    noise = random.normal(0, 1, (60, 80, bands)) * np.where(truth, 5, 38)[..., None]
    return np.clip(np.where(truth, 205, 110)[..., None] + noise, 0, 255).astype(np.uint8), truth


def segmented(segmenter: Any, pixels: Any) -> Any:
    state = segmenter.fit(Samples.of(pixels), QUIET)
    return segmenter.apply(Tile(pixels, Box(0, 0, *pixels.shape[:2])), state)


@pytest.mark.parametrize(
    ("space", "shape"), [("rgb", "full"), ("rgb", "diagonal"), ("lab", "full")]
)
def test_groups_may_differ_in_width(shape: Any, space: Any) -> None:
    pixels, truth = wide_and_narrow()
    ids = segmented(GaussianMixture(2, space, shape), pixels)
    assert (ids == truth).mean() > 0.97
    assert (ids == truth).mean() > (segmented(KMeans(2), pixels) == truth).mean() + 0.01


@pytest.mark.parametrize("bands", [1, 3, 4])
def test_pixels_are_grouped_as_by_scikit_learn(bands: int) -> None:
    from sklearn.mixture import GaussianMixture as Reference

    pixels, _ = wide_and_narrow(bands)
    ids = segmented(GaussianMixture(2), pixels)
    points = pixels.reshape(-1, bands).astype(float)
    reference = Reference(2, reg_covar=1.0, random_state=0).fit(points)
    expected = reference.predict(points).reshape(ids.shape)
    if reference.means_[0, 0] > reference.means_[1, 0]:
        expected = 1 - expected
    assert (ids == expected).mean() > 0.998


def test_fewer_colours_than_parts_make_fewer_regions() -> None:
    pixels = np.zeros((9, 9, 3), np.uint8)
    pixels[:, 5:] = 90
    assert (segmented(GaussianMixture(12), pixels) == (pixels[..., 0] > 0)).all()
