from typing import Any

import numpy as np
import pytest
from skimage import data, filters

from segstudio.domain.geometry import Box
from segstudio.domain.task import Quiet
from segstudio.domain.tiling import Tile
from segstudio.errors import UserError
from segstudio.methods.builtin.hysteresis import Hysteresis
from segstudio.methods.builtin.multi_otsu import MultiOtsu
from segstudio.methods.run import segment
from segstudio.methods.samples import ArrayPicture, Samples
from segstudio.methods.thresholding import thresholds_of

QUIET = Quiet()


def segmented(segmenter: Hysteresis, pixels: Any, valid: Any = None) -> Any:
    state = segmenter.fit(Samples.of(pixels, valid), QUIET)
    return segmenter.apply(Tile(pixels, Box(0, 0, *pixels.shape[:2]), valid), state)


@pytest.mark.parametrize("image", [data.coins(), data.camera(), data.page()])
@pytest.mark.parametrize(("low", "high"), [(90, 160), (120, 121), (60, 60), (0, 254)])
def test_it_is_scikit_images(image: Any, low: int, high: int) -> None:
    expected = filters.apply_hysteresis_threshold(image, low, high)
    assert (segmented(Hysteresis(low, high), image[..., None]) == expected).all()


def test_weak_pixels_stay_only_beside_strong_ones() -> None:
    row = [0, 5, 9, 5, 0, 5, 5, 0, 9, 0]
    for dtype in (np.uint8, np.uint16, np.float32):
        pixels = np.array(row, dtype).reshape(1, -1, 1)
        assert segmented(Hysteresis(3, 8), pixels)[0].tolist() == [0, 1, 1, 1, 0, 0, 0, 0, 1, 0]


def test_pixels_that_touch_by_a_corner_are_apart() -> None:
    pixels = np.array([[5, 0], [0, 9]], np.uint8)[..., None]
    assert segmented(Hysteresis(3, 8), pixels).tolist() == [[0, 0], [0, 1]]


def test_an_invalid_pixel_joins_nothing() -> None:
    pixels = np.array([[5, 5, 9, 9]], np.uint8)[..., None]
    valid = np.array([[True, False, True, True]])
    assert segmented(Hysteresis(3, 8), pixels, valid).tolist() == [[0, 255, 1, 1]]


def test_thresholds_that_are_not_given_are_found() -> None:
    pixels = data.coins()[..., None]
    samples = Samples.of(pixels)
    found = thresholds_of(MultiOtsu(3).fit(samples, QUIET))
    assert thresholds_of(Hysteresis().fit(samples, QUIET)) == found
    low, high = found
    assert thresholds_of(Hysteresis(low=50.0).fit(samples, QUIET)) == (50.0, high)
    assert thresholds_of(Hysteresis(high=200.0).fit(samples, QUIET)) == (low, 200.0)
    assert thresholds_of(Hysteresis(low=250.0).fit(samples, QUIET)) == (250.0, 250.0)
    assert thresholds_of(Hysteresis(high=10.0).fit(samples, QUIET)) == (10.0, 10.0)


def test_thresholds_the_wrong_way_round_are_refused() -> None:
    with pytest.raises(UserError, match="above the high") as error:
        segmented(Hysteresis(9, 3), np.zeros((3, 4, 1), np.uint8))
    assert error.value.hint


def test_over_a_large_picture_what_is_near_is_joined() -> None:
    pixels = np.zeros((40, 9000, 1), np.uint8)
    pixels[10, 3900:4200] = 5
    pixels[10, 4190] = 9
    segmenter = Hysteresis(3, 8)
    state = segmenter.fit(Samples.of(pixels), QUIET)
    ids = np.zeros((40, 9000), np.uint8)
    pieces = list(segment(segmenter, state, ArrayPicture(pixels), QUIET))
    assert len(pieces) > 1
    for box, part in pieces:
        ids[box.slices] = part
    assert (ids == (pixels[..., 0] > 3)).all()
