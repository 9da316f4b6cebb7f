import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from segstudio.store.display import Display, display_of, full_range, spread_of, to_rgb, to_rgba
from segstudio.store.formats import PictureInfo


def info(dtype: str, bands: int) -> PictureInfo:
    return PictureInfo(8, 8, bands, dtype, "TIFF")


def plain(bands: int, shown: tuple[int, ...] = (0, 1, 2)) -> Display:
    return Display(shown, (0.0,) * bands, (255.0,) * bands)


def grey(low: float, high: float, **tones: float) -> Display:
    return Display((0,), (low,), (high,), **tones)


def test_8_bit_colours_are_shown_as_they_are() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (8, 8, 3), dtype=np.uint8)
    display = display_of(pixels, info("uint8", 3))
    assert display.is_plain
    shown = to_rgb(pixels, display)
    np.testing.assert_array_equal(shown, pixels)
    assert not np.shares_memory(shown, pixels)


@pytest.mark.parametrize("dtype", ["uint16", "int16", "uint32", "int64", "float32", "float64"])
@pytest.mark.parametrize("side", [20, 200])
def test_other_numbers_fill_black_to_white(dtype: str, side: int) -> None:
    ramp = np.linspace(1000, 2000, side * side).reshape(side, side, 1).astype(dtype)
    display = display_of(ramp, info(dtype, 1))
    assert 1000 < display.low[0] < 1030
    assert 1970 < display.high[0] < 2000
    shown = to_rgb(ramp, display)
    assert shown[0, 0].tolist() == [0, 0, 0]
    assert shown[-1, -1].tolist() == [255, 255, 255]
    assert abs(int(shown[side // 2, 0, 0]) - 127) < 5


def test_numbers_below_zero_are_darker_than_those_above() -> None:
    for dtype in ("int8", "int16", "int32", "float32"):
        pixels = np.array([[-100, -50, 0, 50, 100]], dtype)[:, :, None]
        shown = to_rgb(pixels, grey(-100, 100))[0, :, 0]
        assert np.abs(shown.astype(int) - [0, 64, 128, 191, 255]).max() <= 1, dtype


def test_outliers_and_invalid_pixels_do_not_count() -> None:
    pixels = np.tile(np.linspace(0, 100, 100, dtype=np.float32), (100, 1))[:, :, None]
    valid = np.ones((100, 100), bool)
    pixels[:2], valid[:2] = 9999, False
    pixels[50, 50] = np.nan
    pixels[60, 60] = 1e9
    display = display_of(pixels, info("float32", 1), valid)
    assert 0 <= display.low[0] < 5
    assert 95 < display.high[0] <= 100
    shown = to_rgb(pixels, display, valid=valid)
    assert not shown[:2].any()
    assert not shown[50, 50].any()
    assert shown[60, 60].tolist() == [255, 255, 255]


@pytest.mark.parametrize("value", [0.0, 7.0, 1e30, np.nan, np.inf])
def test_one_value_only_can_be_shown(value: float) -> None:
    pixels = np.full((8, 8, 1), value, np.float32)
    display = display_of(pixels, info("float32", 1))
    assert display.high[0] > display.low[0]
    shown = to_rgb(pixels, display)
    if np.isfinite(value):
        assert (abs(shown.astype(int) - 127) < 10).all()  # grey: black could be anything
    else:
        assert shown.any() == np.isinf(value)


def test_limits_too_far_apart_to_be_counted_are_not_used() -> None:
    pixels = np.array([[[-1.7e308], [1.7e308]]])
    assert spread_of(pixels, None, (0, 100)) == ((0.0,), (1.0,))


def test_a_rare_value_is_seen() -> None:
    pixels = np.zeros((100, 100, 1), np.uint16)
    pixels[5, 5] = 1
    shown = to_rgb(pixels, display_of(pixels, info("uint16", 1)))
    assert shown[5, 5, 0] == 255
    assert shown[0, 0, 0] == 0


def test_percentiles_are_chosen() -> None:
    ramp = np.arange(10_001, dtype=np.uint16).reshape(73, 137, 1)
    assert display_of(ramp, info("uint16", 1), percentiles=(0, 100)) == grey(0, 10_000)
    assert display_of(ramp, info("uint16", 1), percentiles=(10, 75)) == grey(1000, 7500)


def test_the_full_range_is_that_of_the_kind() -> None:
    assert full_range("uint16", 2) == ((0.0, 0.0), (65535.0, 65535.0))
    assert full_range("int16", 1) == ((0.0,), (32767.0,))
    assert full_range("float32", 1) == ((0.0,), (1.0,))


def test_bands_are_chosen() -> None:
    pixels = np.arange(5, dtype=np.uint8) * 10 + np.zeros((4, 4, 1), np.uint8)
    assert to_rgb(pixels, plain(5))[0, 0].tolist() == [0, 10, 20]
    assert to_rgb(pixels, plain(5, (3, 2, 1)))[0, 0].tolist() == [30, 20, 10]
    assert to_rgb(pixels, plain(5, (4,)))[0, 0].tolist() == [40, 40, 40]
    # Bands that the picture does not have are passed over.
    assert to_rgb(pixels[:, :, 1:3], plain(2))[0, 0].tolist() == [10, 10, 10]
    assert to_rgb(pixels, plain(5, (7, 8, 9)))[0, 0].tolist() == [0, 0, 0]


def test_each_band_has_limits_of_its_own() -> None:
    pixels = np.array([[[100, 2000, 7]]], np.uint16)
    display = Display((2, 1, 0), (0.0, 1000.0, 7.0), (100.0, 3000.0, 8.0))
    assert to_rgb(pixels, display)[0, 0].tolist() == [0, 128, 255]


def test_brightness_contrast_and_gamma() -> None:
    pixels = np.array([[0, 64, 128, 192, 255]], np.uint8)[:, :, None]

    def seen(**tones: float) -> list[int]:
        return [int(v) for v in to_rgb(pixels, grey(0, 255, **tones))[0, :, 0]]

    assert seen(brightness=0.5) == [128, 192, 255, 255, 255]
    assert seen(brightness=-1) == [0, 0, 0, 0, 0]
    assert seen(contrast=-1) == [128, 128, 128, 128, 128]
    assert seen(contrast=1) == [0, 0, 255, 255, 255]
    assert seen(gamma=2) == [0, 128, 181, 221, 255]
    assert seen(gamma=0.5) == [0, 16, 64, 145, 255]


@given(
    st.sampled_from(["uint8", "uint16", "int16", "int32", "float32", "float64"]),
    st.floats(-1, 1),
    st.floats(-1, 0.9),
    st.floats(0.1, 10),
)
def test_what_is_lighter_stays_lighter_and_all_kinds_look_the_same(
    dtype: str, brightness: float, contrast: float, gamma: float
) -> None:
    ramp = np.arange(0, 101).reshape(1, 101, 1)
    display = grey(0, 100, brightness=brightness, contrast=contrast, gamma=gamma)
    shown = to_rgb(ramp.astype(dtype), display)[0, :, 0].astype(int)
    assert (np.diff(shown) >= 0).all()
    same = to_rgb(ramp.astype(np.int64), display)[0, :, 0].astype(int)
    assert np.abs(shown - same).max() <= 1  # of 32-bit numbers the last place differs


def test_what_is_not_valid_is_transparent() -> None:
    pixels = np.full((2, 2, 3), 200, np.uint8)
    valid = np.array([[True, False], [True, True]])
    shown = to_rgba(pixels, plain(3), valid)
    assert shown[0, 0].tolist() == [200, 200, 200, 255]
    assert shown[0, 1].tolist() == [0, 0, 0, 0]
    assert to_rgba(pixels, plain(3))[..., 3].min() == 255


def test_a_tile_of_4_bands_of_16_bits_is_made_in_5_milliseconds() -> None:
    pixels = np.random.default_rng(0).integers(0, 9000, (512, 512, 4), dtype=np.uint16)
    valid = np.ones((512, 512), bool)
    display = replace(display_of(pixels, info("uint16", 4)), contrast=0.2, gamma=1.4)
    took = []
    for _ in range(9):
        begun = time.perf_counter()
        to_rgba(pixels, display, valid)
        took.append(time.perf_counter() - begun)
    assert min(took) < 0.005
