import numpy as np
import pytest

from segstudio.domain.geometry import Box
from segstudio.domain.task import Quiet
from segstudio.domain.tiling import Tile
from segstudio.methods.greys import usable
from segstudio.methods.samples import Samples
from segstudio.methods.showing import Showing


def shown(pixels, valid=None):
    tile = Tile(pixels, Box(0, 0, *pixels.shape[:2]), valid)
    showing = Showing.of(Samples.of(pixels, valid).colours(Quiet()))
    return showing.rgb(showing.codes(tile), usable(tile), Quiet())


def test_three_bands_are_shown_as_they_are_and_one_as_grey():
    pixels = np.random.default_rng(0).integers(0, 256, (9, 11, 3), np.uint8)
    assert (shown(pixels) == pixels).all()
    assert (shown(pixels[..., :1]) == pixels[..., :1].repeat(3, 2)).all()


@pytest.mark.parametrize("bands", [2, 4, 13])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_an_edge_in_any_band_is_seen_and_light_stays_light(bands, dtype):
    rng = np.random.default_rng(bands)
    for band in range(bands):
        pixels = rng.normal(100, 3, (30, 40, bands))
        pixels[:, 20:, band] += 90
        rgb = shown(pixels.astype(dtype)).astype(float)
        left, right = rgb[:, :20, 1].mean(), rgb[:, 20:, 1].mean()
        assert right - left > 60


def test_invalid_pixels_get_the_mean_colour_of_the_others():
    pixels = np.full((8, 8, 3), (10, 20, 30), np.uint8)
    valid = np.ones((8, 8), bool)
    pixels[2:4], valid[2:4] = 255, False
    assert (shown(pixels, valid) == (10, 20, 30)).all()
    assert (pixels[2:4] == 255).all()


@pytest.mark.parametrize("bands", [1, 2, 3, 5])
def test_one_colour_and_one_pixel_are_shown(bands):
    assert len(np.unique(shown(np.full((4, 5, bands), 7, np.uint16)).reshape(-1, 3), axis=0)) == 1
    assert shown(np.full((1, 1, bands), 7, np.uint8)).shape == (1, 1, 3)
