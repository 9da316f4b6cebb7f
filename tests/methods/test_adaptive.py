import time
from typing import Any

import numpy as np
import pytest
from skimage import data, filters

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.task import Cancelled, Quiet
from segstudio.domain.tiling import Tile
from segstudio.methods.builtin.adaptive import Adaptive
from segstudio.methods.run import segment
from segstudio.methods.samples import ArrayPicture, Samples

QUIET = Quiet()
PAGE = data.page()
METHODS = ("mean", "gaussian", "sauvola")


def segmented(segmenter: Adaptive, image: Any, valid: Any = None, scale: int = 1) -> Any:
    pixels = image if image.ndim == 3 else image[..., None]
    state = segmenter.fit(Samples.of(pixels, valid), QUIET)
    box = Box(0, 0, pixels.shape[0] * scale, pixels.shape[1] * scale)
    return segmenter.apply(Tile(pixels, box, valid), state)


def inside(ids: Any, reach: int) -> Any:
    return ids[reach:-reach, reach:-reach]


@pytest.mark.parametrize("window", [3, 15, 51])
@pytest.mark.parametrize("offset", [0.5, 7.25])
@pytest.mark.parametrize("method", ["mean", "gaussian"])
def test_mean_and_gaussian_are_scikit_images(method: Any, offset: float, window: int) -> None:
    """Inside: at the borders scikit-image mirrors the picture, here nothing lies beyond."""
    local = filters.threshold_local(
        PAGE, window, method, offset, param=None if method == "mean" else (window - 1) / 6
    )
    ours = segmented(Adaptive(method, window, offset), PAGE)
    # scikit-image's Gaussian reaches four deviations, ours as far as the window: three.
    sure = inside(np.abs(PAGE - local), 40) > (1e-6 if method == "mean" else 1.0)
    assert (inside(ours == (local < PAGE), 40) | ~sure).all()
    assert sure.mean() > 0.2


@pytest.mark.parametrize("window", [15, 51])
@pytest.mark.parametrize("k", [0.1, 0.3])
def test_sauvola_is_scikit_images(window: int, k: float) -> None:
    local = filters.threshold_sauvola(PAGE, window, k)
    ours = segmented(Adaptive("sauvola", window, k=k), PAGE)
    sure = inside(np.abs(PAGE - local), 40) > 1e-6
    assert (inside(ours == (local < PAGE), 40) | ~sure).all()
    assert sure.mean() > 0.99


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32, np.float64])
@pytest.mark.parametrize("channel", ["grey", "saturation"])
def test_the_tile_size_does_not_matter(method: Any, dtype: Any, channel: str) -> None:
    random = np.random.default_rng(0)
    pixels = (random.random((190, 230, 3)) * 200).astype(dtype)
    pixels[60:110, 40:200] = 7  # where only exact sums say the same everywhere
    valid = random.random((190, 230)) < 0.95
    segmenter = Adaptive(method, 31, channel=channel)
    picture = ArrayPicture(pixels, valid)
    state = segmenter.fit(Samples([picture]), QUIET)
    whole = segmenter.apply(Tile(pixels, Box(0, 0, 190, 230), valid), state)
    for size in (13, 64):
        ids = np.full((190, 230), UNLABELLED, np.uint8)
        for box, part in segment(segmenter, state, picture, QUIET, size):
            ids[box.slices] = part
        assert (ids == whole).all()


@pytest.mark.parametrize("method", METHODS)
def test_text_on_unevenly_lit_paper(method: Any) -> None:
    shade = np.linspace(30, 230, 300)[None, :].repeat(100, 0)
    ink = np.zeros((100, 300), bool)
    ink[20:24, 10:290] = ink[60:64, 10:290] = True
    image = np.where(ink, shade - 25, shade).astype(np.uint8)
    ids = segmented(Adaptive(method, 25, 6.0, k=0.05), image)
    assert (ids[:, 15:285] == 0)[ink[:, 15:285]].mean() > 0.98
    assert ids[~ink].mean() > 0.98


def test_of_only_valid_pixels_a_mean_is_made() -> None:
    image = np.full((30, 40), 100.0, np.float32)
    image[10:20, 10:20] = np.nan
    image[15, 25], image[5, 5] = 101, 99
    ids = segmented(Adaptive("mean", 15, -0.2), image)
    assert (ids == UNLABELLED).sum() == 100
    assert (ids == 1).sum() == 1
    assert ids[15, 25] == 1


@pytest.mark.parametrize("method", METHODS)
def test_a_preview_looks_as_far_as_the_picture_itself(method: Any) -> None:
    rows, columns = np.mgrid[:240, :240] // 20
    image = (((rows + columns) % 2) * 80 + 60 + np.arange(240)[None, :] // 3).astype(np.uint8)
    segmenter = Adaptive(method, 61, 3.0, k=0.1)
    small = segmented(segmenter, image[::4, ::4], scale=4)
    assert (small == segmented(segmenter, image)[::4, ::4]).mean() > 0.93


class Waiting:
    """A task that tells how long it was kept waiting at most."""

    def __init__(self) -> None:
        self.longest, self.last = 0.0, time.perf_counter()

    def report(self, done: int, total: int, text: str) -> None:
        now = time.perf_counter()
        self.longest, self.last = max(self.longest, now - self.last), now


@pytest.mark.parametrize("method", METHODS)
def test_labelling_can_be_cancelled_soon(method: Any) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (700, 1200, 1), np.uint8)
    segmenter = Adaptive(method, 255)
    state = segmenter.fit(Samples.of(pixels), QUIET)
    tile, task = Tile(pixels, Box(0, 0, 700, 1200)), Waiting()
    segmenter.apply(tile, state, task)
    assert task.longest < 0.8

    class Impatient:
        def report(self, done: int, total: int, text: str) -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        segmenter.apply(tile, state, Impatient())
