import numpy as np
import pytest

from segstudio.domain import tiling
from segstudio.domain.geometry import Box
from segstudio.inference.gathering import Gathered


@pytest.mark.parametrize(("size", "halo"), [(64, 0), (32, 8), (33, 5), (17, 16), (4, 4)])
def test_windows_give_the_map_of_the_whole_wherever_they_begin(size, halo):
    # A cell says where its middle lies, as far as a grid that begins elsewhere can tell.
    height, width, cell = 61, 90, 8
    found = Gathered(height, width)
    for window in tiling.windows(height, width, size, halo):
        rows, columns = (-(-side // cell) for side in window.read.shape)
        seen = Box(
            window.read.top, window.read.left,
            window.read.top + rows * cell, window.read.left + columns * cell,
        )  # fmt: skip
        down = seen.top + (np.arange(rows) + 0.5) * cell
        across = seen.left + (np.arange(columns) + 0.5) * cell
        found.put(np.stack(np.meshgrid(down, across, indexing="ij"))[None], seen, window.core)
    whole = found.map
    assert whole.cell == (cell, cell)
    assert whole.values.shape == (2, 8, 12)
    assert np.abs(whole.values[0] - (np.arange(8)[:, None] + 0.5) * cell).max() <= cell / 2
    assert np.abs(whole.values[1] - (np.arange(12) + 0.5) * cell).max() <= cell / 2


def test_a_margin_outside_the_picture_is_left_out():
    found = Gathered(10, 10)
    values = np.arange(25, dtype=np.float32).reshape(1, 1, 5, 5)
    found.put(values, Box(-5, -5, 20, 20), Box(0, 0, 10, 10))
    assert found.map.values.tolist() == [[[6, 7], [11, 12]]]
