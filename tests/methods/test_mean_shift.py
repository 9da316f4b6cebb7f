from pathlib import Path
from typing import Any

import numpy as np
import pytest

from segstudio.domain.geometry import Box
from segstudio.domain.task import Quiet
from segstudio.domain.tiling import Tile
from segstudio.methods.builtin.mean_shift import MeanShift
from segstudio.methods.greys import weights
from segstudio.methods.samples import Samples

QUIET = Quiet()


def photograph() -> Any:
    import sklearn.datasets
    from PIL import Image

    folder = Path(sklearn.datasets.__file__).parent / "images"
    with Image.open(folder / "china.jpg") as image:
        return np.asarray(image)


def segmented(pixels: Any, **settings: Any) -> Any:
    segmenter = MeanShift(**settings)
    state = segmenter.fit(Samples.of(pixels), QUIET)
    return segmenter.apply(Tile(pixels, Box(0, 0, *pixels.shape[:2])), state), state


@pytest.mark.parametrize("bands", [1, 3, 4])
def test_pixels_are_grouped_as_by_scikit_learn(bands: int) -> None:
    from sklearn.cluster import MeanShift as Reference

    random = np.random.default_rng(0)
    truth = random.choice(3, (40, 50), p=(0.5, 0.3, 0.2))
    middles = np.array([[30, 50, 40, 60], [120, 200, 90, 30], [220, 110, 230, 190]])[:, :bands]
    pixels = np.clip(middles[truth] + random.normal(0, 7, (40, 50, bands)), 0, 255)
    pixels = pixels.astype(np.uint8)
    ids, state = segmented(pixels, bandwidth=40.0)
    expected = Reference(bandwidth=40, bin_seeding=True).fit_predict(pixels.reshape(-1, bands))
    assert len(state.centres) == expected.max() + 1 == 3
    pairs = {(int(a), int(b)) for a, b in zip(ids.ravel(), expected, strict=True)}
    assert len(pairs) == 3
    assert (np.diff(state.centres @ np.array(weights(bands))) > 0).all()


def test_a_wider_bandwidth_finds_fewer_groups() -> None:
    pixels = photograph()[::4, ::4]
    numbers = [len(segmented(pixels, bandwidth=width)[1].centres) for width in (15.0, 40.0, 200.0)]
    assert numbers[0] > numbers[1] > numbers[2] == 1
    assert 2 <= len(segmented(pixels)[1].centres) <= 8


def test_lab_is_a_space_of_its_own() -> None:
    pixels = photograph()[::4, ::4]
    one, two = (segmented(pixels, bandwidth=20.0, space=space)[0] for space in ("rgb", "lab"))
    assert one.max() != two.max()
