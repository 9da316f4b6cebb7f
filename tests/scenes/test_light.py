"""Shadows on a relief and the tones of a picture."""

import numpy as np

from segstudio.scenes.light import hollows, sunlit, to_linear, to_tones


def test_a_block_shades_the_side_away_from_the_sun() -> None:
    relief = np.zeros((40, 60), np.uint8)
    relief[15:25, 20:24] = 20
    lit = sunlit(relief, (-1, 0), 2, 1)
    assert lit[20, 21] > 0.95
    assert lit[20, 10] == 1
    assert lit[20, 28] < 0.1
    assert lit[20, 40] == 1
    assert lit[5, 28] == 1


def test_recesses_get_less_light_than_open_wall() -> None:
    relief = np.full((40, 40), 128, np.uint8)
    relief[10:30, 10:30] = 100
    light = hollows(relief, 6, 0.02)
    assert light[2, 2] > 0.99
    assert light[11, 11] < 0.85
    assert light[20, 20] > light[11, 11]


def test_tones_rise_with_light_and_keep_their_order() -> None:
    tones = to_tones(np.linspace(0, 2, 500, dtype=np.float32))
    assert tones[0] == 0
    assert tones[-1] > 245
    assert (np.diff(tones.astype(int)) >= 0).all()
    assert (np.diff(to_linear(np.arange(256, dtype=np.uint8))) > 0).all()
