import numpy as np
import pytest

from segstudio.store.display import Stretch, stretch_of, to_rgb
from segstudio.store.formats import PictureInfo


def info(dtype: str, bands: int) -> PictureInfo:
    return PictureInfo(8, 8, bands, dtype, "TIFF")


def test_8_bit_colours_are_shown_as_they_are() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (8, 8, 3), dtype=np.uint8)
    stretch = stretch_of(pixels, info("uint8", 3))
    assert stretch.is_identity
    np.testing.assert_array_equal(to_rgb(pixels, stretch), pixels)


@pytest.mark.parametrize("dtype", ["uint16", "int16", "uint32", "float32", "float64"])
@pytest.mark.parametrize("side", [20, 200])
def test_other_numbers_fill_black_to_white(dtype: str, side: int) -> None:
    ramp = np.linspace(1000, 2000, side * side).reshape(side, side, 1).astype(dtype)
    stretch = stretch_of(ramp, info(dtype, 1))
    assert 1000 < stretch.low[0] < 1030
    assert 1970 < stretch.high[0] < 2000
    shown = to_rgb(ramp, stretch)
    assert shown[0, 0].tolist() == [0, 0, 0]
    assert shown[-1, -1].tolist() == [255, 255, 255]
    assert abs(int(shown[side // 2, 0, 0]) - 127) < 5


def test_outliers_and_invalid_pixels_do_not_count() -> None:
    pixels = np.tile(np.linspace(0, 100, 100, dtype=np.float32), (100, 1))[:, :, None]
    valid = np.ones((100, 100), bool)
    pixels[:2], valid[:2] = 9999, False
    pixels[50, 50] = np.nan
    pixels[60, 60] = 1e9
    stretch = stretch_of(pixels, info("float32", 1), valid)
    assert 0 <= stretch.low[0] < 5
    assert 95 < stretch.high[0] <= 100
    shown = to_rgb(pixels, stretch, valid=valid)
    assert not shown[:2].any()
    assert not shown[50, 50].any()
    assert shown[60, 60].tolist() == [255, 255, 255]


@pytest.mark.parametrize("value", [0.0, 7.0, np.nan])
def test_one_value_only_can_be_shown(value: float) -> None:
    pixels = np.full((8, 8, 1), value, np.float32)
    stretch = stretch_of(pixels, info("float32", 1))
    assert stretch.high[0] > stretch.low[0]
    assert not to_rgb(pixels, stretch).any()


def test_a_rare_value_is_seen() -> None:
    pixels = np.zeros((100, 100, 1), np.uint16)
    pixels[5, 5] = 1
    shown = to_rgb(pixels, stretch_of(pixels, info("uint16", 1)))
    assert shown[5, 5, 0] == 255
    assert shown[0, 0, 0] == 0


def test_bands_are_chosen() -> None:
    pixels = np.arange(5, dtype=np.uint8) * 10 + np.zeros((4, 4, 1), np.uint8)
    plain = Stretch((0.0,) * 5, (255.0,) * 5)
    assert to_rgb(pixels, plain)[0, 0].tolist() == [0, 10, 20]
    assert to_rgb(pixels, plain, (3, 2, 1))[0, 0].tolist() == [30, 20, 10]
    assert to_rgb(pixels[:, :, 1:3], plain)[0, 0].tolist() == [10, 10, 10]
    assert to_rgb(pixels, plain, (4,))[0, 0].tolist() == [40, 40, 40]
