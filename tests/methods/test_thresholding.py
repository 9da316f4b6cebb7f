from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segstudio.domain.geometry import Box
from segstudio.domain.task import Quiet
from segstudio.domain.tiling import Tile
from segstudio.errors import UserError
from segstudio.methods.builtin.multi_otsu import MultiOtsu
from segstudio.methods.builtin.otsu import Otsu
from segstudio.methods.builtin.threshold import Threshold
from segstudio.methods.builtin.valley import Valley
from segstudio.methods.samples import Samples
from segstudio.methods.thresholding import Thresholds, thresholds_of

QUIET = Quiet()


def applied(pixels: Any, *thresholds: float) -> Any:
    tile = Tile(pixels, Box(0, 0, *pixels.shape[:2]))
    segmenter = Threshold(thresholds)
    return segmenter.apply(tile, segmenter.fit(Samples.of(pixels), QUIET))


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int16, np.float32, np.float64])
@given(st.lists(st.floats(-300, 300), min_size=1, max_size=5))
@settings(deadline=None, max_examples=30)
def test_a_region_is_the_number_of_thresholds_below(dtype: Any, thresholds: list[float]) -> None:
    pixels = np.arange(256).reshape(16, 16, 1).astype(dtype)
    expected = sum((pixels[..., 0].astype(float) > one).astype(int) for one in set(thresholds))
    assert (applied(pixels, *thresholds) == expected).all()


def test_a_pixel_on_the_threshold_is_below_it() -> None:
    pixels = np.array([[[90], [91], [170], [171]]], np.uint8)
    assert applied(pixels, 170, 90).tolist() == [[0, 1, 1, 2]]
    assert applied(pixels.astype(np.uint16), 90.5, 170.0).tolist() == [[0, 1, 1, 2]]


@pytest.mark.parametrize("bad", [(), (float("inf"),), (float("nan"),), tuple(range(300))])
def test_impossible_thresholds_are_refused(bad: tuple[float, ...]) -> None:
    with pytest.raises(UserError) as error:
        applied(np.zeros((2, 2, 1), np.uint8), *bad)
    assert error.value.hint


@pytest.mark.parametrize(
    ("segmenter", "regions"), [(Otsu(), 2), (Valley(), 2), (MultiOtsu(2), 2), (MultiOtsu(4), 4)]
)
@pytest.mark.parametrize("scale", [1, 200, 1 / 3])
def test_found_thresholds_are_in_the_pictures_own_units(
    segmenter: Any, regions: int, scale: float
) -> None:
    random = np.random.default_rng(0)
    greys = np.clip(np.repeat([60, 180], 2000) + random.normal(0, 10, 4000), 0, 255)
    dtype: Any = np.float32 if scale < 1 else np.uint16 if scale > 1 else np.uint8
    pixels = (greys * scale).astype(dtype).reshape(40, 100, 1)
    state = segmenter.fit(Samples.of(pixels), QUIET)
    assert segmenter.regions(state) == regions
    hills = pixels.reshape(2, 2000)
    between = [one for one in thresholds_of(state) if hills[0].max() <= one < hills[1].min()]
    assert len(between) == 1


def test_other_states_have_no_thresholds() -> None:
    assert thresholds_of(object()) == ()
    assert thresholds_of(Thresholds((3.0,))) == (3.0,)
