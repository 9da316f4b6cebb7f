import numpy as np
import pytest

from segstudio.domain.task import Quiet
from segstudio.imaging.mixtures import of_seeds

RED, GREEN, BLUE = (200, 40, 30), (30, 180, 60), (40, 60, 200)


def scene(noise):
    """A third of a picture each in red, green and blue; a few seeds on the first two."""
    rgb = np.empty((30, 90, 3))
    rgb[:, :30], rgb[:, 30:60], rgb[:, 60:] = RED, GREEN, BLUE
    rgb += np.random.default_rng(0).normal(0, noise, rgb.shape)
    seeds = np.full((30, 90), -1, np.int8)
    seeds[10:14, 5:9], seeds[10:14, 40:44] = 0, 1
    return np.clip(rgb, 0, 255).astype(np.uint8), seeds


@pytest.mark.parametrize("noise", [0, 1, 15])
def test_colours_like_those_of_the_seeds_speak_for_their_label(noise):
    rgb, seeds = scene(noise)
    odds = of_seeds(rgb, seeds, Quiet())(rgb.reshape(-1, 3)).reshape(2, 30, 90)
    assert np.isfinite(odds).all()
    assert odds.sum(0) == pytest.approx(1, abs=1e-5)
    assert (odds[0, :, :30] > 0.9).mean() > 0.99
    assert (odds[1, :, 30:60] > 0.9).mean() > 0.99
    assert odds.max() < 0.96  # colours alone are never proof


def test_a_label_of_several_colours_speaks_for_each():
    rgb, seeds = scene(8)
    seeds[20:24, 70:74] = 0
    odds = of_seeds(rgb, seeds, Quiet())(np.array([RED, GREEN, BLUE], np.uint8))
    assert odds.argmax(0).tolist() == [0, 1, 0]


def test_one_pixel_is_enough_and_many_are_as_good():
    rgb, seeds = scene(8)
    seeds[:] = -1
    seeds[0, 0], seeds[:, 30:60] = 0, 1
    odds = of_seeds(rgb, seeds, Quiet())(np.array([RED, GREEN], np.uint8))
    assert odds.argmax(0).tolist() == [0, 1]
