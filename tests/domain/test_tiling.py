from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segstudio.domain.geometry import Box
from segstudio.domain.task import Cancelled, Quiet
from segstudio.domain.tiling import Tile, Window, core, run, windows

sides = st.integers(1, 90)


@given(sides, sides, st.integers(1, 50), st.integers(0, 20))
@settings(deadline=None)
def test_cores_cover_an_image_once(height: int, width: int, size: int, halo: int) -> None:
    seen = np.zeros((height, width), int)
    for window in windows(height, width, size, halo):
        seen[window.core.slices] += 1
    assert (seen == 1).all()


@given(sides, sides, st.integers(1, 50), st.integers(0, 20))
@settings(deadline=None)
def test_a_window_reads_its_halo_as_far_as_there_is_image(
    height: int, width: int, size: int, halo: int
) -> None:
    image = Box(0, 0, height, width)
    for window in windows(height, width, size, halo):
        assert window.read == window.core.grown(halo).clipped(image)


def test_a_small_image_is_one_window() -> None:
    image = Box(0, 0, 30, 34)
    assert windows(30, 34, 20, 7) == [Window(image, image)]
    assert len(windows(30, 35, 20, 7)) == len(windows(35, 30, 20, 7)) == 4


def summed(pixels: Any, reach: int) -> Any:
    """Sum each pixel's neighbourhood, with nothing beyond the edge: a computation with a halo."""
    padded = np.pad(pixels[..., 0].astype(np.int64), reach)
    return np.lib.stride_tricks.sliding_window_view(padded, (2 * reach + 1,) * 2).sum((2, 3))


@given(sides, sides, st.integers(1, 50), st.integers(0, 6), st.integers(0, 99))
@settings(deadline=None)
def test_the_result_does_not_depend_on_the_window_size(
    height: int, width: int, size: int, reach: int, seed: int
) -> None:
    pixels = np.random.default_rng(seed).integers(0, 99, (height, width, 1))
    out = np.zeros((height, width), np.int64)
    plan = windows(height, width, size, reach)
    for window, _, result in run(
        plan,
        lambda box: Tile(pixels[box.slices], box),
        lambda tile: summed(tile.pixels, reach),
        Quiet(),
        "Summing",
    ):
        out[window.core.slices] = core(window, result)
    assert (out == summed(pixels, reach)).all()


def test_core_cuts_the_last_two_axes() -> None:
    window = Window(Box(4, 4, 8, 10), Box(2, 3, 9, 12))
    result = np.arange(2 * 7 * 9).reshape(2, 7, 9)
    assert (core(window, result) == result[:, 2:6, 1:7]).all()
    assert core(window, result[0]).shape == window.core.shape


def half_empty(box: Box) -> Tile:
    return Tile(np.ones((*box.shape, 1)), box, np.full(box.shape, box.left < 40))


def test_tiles_without_a_valid_pixel_are_not_computed() -> None:
    computed = []
    for window, tile, box in run(
        windows(40, 80, 20, 0), half_empty, lambda tile: tile.box, Quiet(), "Counting"
    ):
        assert tile.box == box == window.read
        computed.append(box)
    assert sorted({box.left for box in computed}) == [0, 20]
    assert len(computed) == 4


class Watching:
    def __init__(self, stop: int = -1) -> None:
        self.stop = stop
        self.reports: list[tuple[int, int, str]] = []

    def report(self, done: int, total: int, text: str) -> None:
        if done == self.stop:
            raise Cancelled
        self.reports.append((done, total, text))


def test_progress_is_reported_before_each_window_and_at_the_end() -> None:
    task = Watching()
    list(run(windows(40, 80, 20, 0), half_empty, lambda tile: 0, task, "Counting"))
    assert task.reports == [(done, 8, "Counting") for done in range(9)]


def test_cancelling_reads_nothing_more() -> None:
    read: list[Box] = []

    def reading(box: Box) -> Tile:
        read.append(box)
        return half_empty(box)

    with pytest.raises(Cancelled):
        list(run(windows(40, 80, 20, 0), reading, lambda tile: 0, Watching(2), "Counting"))
    assert len(read) == 2


def test_any_valid() -> None:
    box = Box(0, 0, 2, 2)
    pixels = np.zeros((2, 2, 1))
    assert Tile(pixels, box).any_valid
    assert Tile(pixels, box, np.eye(2, dtype=bool)).any_valid
    assert not Tile(pixels, box, np.zeros((2, 2), bool)).any_valid
