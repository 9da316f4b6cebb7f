import colorsys
from typing import Any

import numpy as np
import pytest

from segstudio.domain.geometry import Box
from segstudio.domain.task import Quiet
from segstudio.domain.tiling import Tile
from segstudio.errors import UserError
from segstudio.methods.builtin.otsu import Otsu
from segstudio.methods.builtin.threshold import Threshold
from segstudio.methods.channels import channel_values, channels_of, check_channel
from segstudio.methods.greys import grey
from segstudio.methods.samples import Samples
from segstudio.settings import build

DTYPES = (np.uint8, np.uint16, np.int16, np.float32, np.float64)


def pixels_of(dtype: Any, bands: int = 5) -> Any:
    full = {np.uint8: 255, np.uint16: 65535, np.int16: 3000}.get(dtype, 1)
    return (np.random.default_rng(bands).random((30, 41, bands)) * full).astype(dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("bands", [1, 2, 3, 4, 16])
def test_every_channel_that_is_offered_gives_numbers(dtype: Any, bands: int) -> None:
    pixels = pixels_of(dtype, bands)
    names = [name for name, label in channels_of(bands) if label]
    assert names[0] == "grey"
    assert len(set(names)) == len(names)
    for name in names:
        values = channel_values(pixels, name)
        assert values.shape == pixels.shape[:2]
        assert np.isfinite(values).all()
        assert np.ptp(values) > 0


def test_what_is_offered_follows_the_bands() -> None:
    offered = {bands: [name for name, _ in channels_of(bands)] for bands in (1, 2, 3, 4, 6)}
    assert offered[1] == ["grey"]
    assert offered[2] == ["grey", "band1", "band2", "nd(1,2)"]
    assert {"red", "hue", "lightness"} < set(offered[3])
    assert "ndvi" not in offered[3]
    assert {"red", "band4", "ndvi", "ndwi"} < set(offered[4])
    assert {"band4", "band5", "band6"} < set(offered[6])


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_bands_and_greys_stay_whole_numbers(dtype: Any) -> None:
    pixels = pixels_of(dtype)
    for name, band in (("red", 0), ("green", 1), ("blue", 2), ("band1", 0), ("Band 5", 4)):
        assert (channel_values(pixels, name) == pixels[..., band]).all()
        assert channel_values(pixels, name).dtype == dtype
    assert (channel_values(pixels, "grey") == grey(pixels)).all()
    assert (channel_values(pixels, "value") == pixels[..., :3].max(2)).all()
    assert channel_values(pixels, "value").dtype == dtype


@pytest.mark.parametrize("dtype", DTYPES)
def test_hue_and_saturation_are_those_of_the_standard_library(dtype: Any) -> None:
    pixels = pixels_of(dtype)
    expected = np.array([colorsys.rgb_to_hsv(*map(float, p)) for p in pixels.reshape(-1, 5)[:, :3]])
    hue, saturation = (channel_values(pixels, name).ravel() for name in ("hue", "saturation"))
    assert 0 <= hue.min() < hue.max() <= 360
    around = np.abs(hue - expected[:, 0] * 360)
    assert np.minimum(around, 360 - around).max() < 1e-3
    assert np.abs(saturation - expected[:, 1] * 100).max() < 1e-3
    greys = np.full((2, 2, 3), 7, dtype)
    assert (channel_values(greys, "hue") == 0).all()
    assert (channel_values(greys, "saturation") == 0).all()
    assert (channel_values(greys * 0, "saturation") == 0).all()


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_lab_is_that_of_scikit_image(dtype: Any) -> None:
    from skimage.color import rgb2lab

    pixels = pixels_of(dtype, 3)
    expected = rgb2lab(pixels)
    for part, name in enumerate(("lightness", "a", "b")):
        assert np.abs(channel_values(pixels, name) - expected[..., part]).max() < 0.3


def test_a_normalised_difference() -> None:
    pixels = np.array([[[10, 0, 0, 30], [0, 9, 9, 0], [200, 1, 1, 100]]], np.uint8)
    assert channel_values(pixels, "ndvi").tolist() == [[0.5, 0.0, pytest.approx(-1 / 3)]]
    assert channel_values(pixels, "ND(1, 4)").tolist() == [[-0.5, 0.0, pytest.approx(1 / 3)]]
    assert channel_values(pixels, "ndwi")[0, 1] == 1
    negative = np.array([[[-0.1, 0.2]]], np.float32)
    assert channel_values(negative, "nd(1,2)").tolist() == [[-1.0]]


@pytest.mark.parametrize("name", ["", "band0", "band", "nd(0,1)", "nd(1)", "colour", "nd(1,2"])
def test_an_unknown_channel_is_a_sentence(name: str) -> None:
    with pytest.raises(UserError, match="no channel called") as error:
        check_channel(name)
    assert error.value.hint
    with pytest.raises(UserError, match="no channel called"):
        build(Otsu, {"channel": name})
    with pytest.raises(UserError, match="no channel called"):
        Threshold((3.0,), channel=name).fit(Samples.of(pixels_of(np.uint8)), Quiet())


@pytest.mark.parametrize(
    ("name", "bands"), [("red", 1), ("hue", 2), ("b", 1), ("band4", 3), ("ndvi", 3), ("nd(1,9)", 4)]
)
def test_a_channel_that_the_picture_lacks_is_a_sentence(name: str, bands: int) -> None:
    with pytest.raises(UserError, match="in a picture of") as error:
        Otsu(channel=name).fit(Samples.of(pixels_of(np.uint8, bands)), Quiet())
    assert "grey" in error.value.hint


@pytest.mark.parametrize("name", ["hue", "saturation", "a", "nd(1,2)", "grey", "value"])
@pytest.mark.parametrize("dtype", DTYPES)
def test_a_pixel_has_the_same_channel_in_any_tile(name: str, dtype: Any) -> None:
    pixels = pixels_of(dtype, 3)
    whole = channel_values(pixels, name)
    for width in (1, 7, 16):
        parts = [channel_values(pixels[:, x : x + width], name) for x in range(0, 41, width)]
        assert (np.concatenate(parts, 1) == whole).all()


def test_pixels_without_numbers_are_harmless() -> None:
    pixels = pixels_of(np.float32)
    pixels[3, 4], pixels[5, 6, 0], pixels[7, 8] = np.nan, np.inf, -3e38
    for name, _ in channels_of(5):
        assert channel_values(pixels, name).shape == (30, 41)
    state = Otsu(channel="ndvi").fit(Samples.of(pixels), Quiet())
    ids = Otsu(channel="ndvi").apply(Tile(pixels, Box(0, 0, 30, 41)), state)
    assert ids[3, 4] == ids[5, 6] == ids[7, 8] == 255


def test_a_threshold_cuts_its_channel() -> None:
    pixels = np.array([[[200, 10, 0], [100, 90, 0]]], np.uint8)
    for channel, expected in (("red", [[1, 0]]), ("green", [[0, 1]]), ("saturation", [[1, 1]])):
        segmenter = Threshold((50.0,) if channel != "red" else (150.0,), channel=channel)
        state = segmenter.fit(Samples.of(pixels), Quiet())
        assert state.channel == channel
        assert segmenter.apply(Tile(pixels, Box(0, 0, 1, 2)), state).tolist() == expected


def test_each_channel_has_a_histogram_of_its_own() -> None:
    pixels = pixels_of(np.uint8, 3)
    samples = Samples.of(pixels)
    red, green = (samples.histogram(channel=name) for name in ("red", "green"))
    assert (red.counts == np.bincount(pixels[..., 0].ravel(), minlength=256)).all()
    assert (green.counts == np.bincount(pixels[..., 1].ravel(), minlength=256)).all()
    assert samples.histogram(channel="red") is red
    assert not samples.histogram(channel="hue").whole
