import cv2
import numpy as np
import pytest

from segstudio.domain.looks import planes_of

RNG = np.random.default_rng(0)


def test_colours_of_8_bits_are_those_of_cielab():
    rgb = RNG.integers(0, 256, (20, 30, 3), np.uint8)
    expected = cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2Lab)
    assert np.abs(planes_of(rgb)[:3] - np.moveaxis(expected, -1, 0)).max() < 0.5


def test_the_last_plane_is_how_far_neighbours_are_apart():
    grey = np.zeros((4, 4, 3), np.uint8)
    grey[:, 2:] = 255
    steps = planes_of(grey)[3]
    assert steps[:, 1] == pytest.approx(100, abs=0.1)
    assert (steps[:, [0, 2, 3]] == 0).all()


@pytest.mark.parametrize("shape", [(5, 6), (5, 6, 1), (5, 6, 2), (5, 6, 4)])
@pytest.mark.parametrize("dtype", ["uint8", "uint16", "int16", "float32"])
def test_pictures_of_any_kind_have_planes_of_small_numbers(shape, dtype):
    pixels = (RNG.random(shape) * 30000 - 15000 * (dtype != "uint16")).astype(dtype)
    planes = planes_of(pixels)
    assert planes.shape == (4, 5, 6)
    assert np.isfinite(planes).all()
    assert np.abs(planes).max() < 1000


def test_what_is_no_number_is_none_in_the_planes():
    pixels = np.full((3, 3, 3), 5, np.float32)
    pixels[1, 1] = np.nan
    pixels[0, 0] = np.inf
    assert np.isfinite(planes_of(pixels)).all()
