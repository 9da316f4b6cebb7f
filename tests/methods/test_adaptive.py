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


@pytest.mark.parametrize("method", ["mean", "gaussian"])
@pytest.mark.parametrize("value", [7, 77, 201])
def test_a_constant_area_is_its_own_mean(method: Any, value: int) -> None:
    for dtype in (np.uint8, np.uint16, np.float32):
        image = np.full((60, 70), value, dtype)
        image[:5, :5] = 0
        ids = segmented(Adaptive(method, 21), image / 7 if dtype == np.float32 else image)
        assert not ids[30:, 30:].any()


def test_what_invalid_pixels_hold_does_not_matter() -> None:
    image = np.full((30, 40), 100, np.uint8)
    image[15, 25] = 101
    valid = np.ones((30, 40), bool)
    valid[10:20, 28:] = False
    image[~valid] = 255
    ids = segmented(Adaptive("mean", 15), image, valid)
    assert (ids == UNLABELLED).sum() == 120
    assert (ids == 1).sum() == 1
    assert ids[15, 25] == 1


@pytest.mark.parametrize("method", METHODS)
def test_a_preview_looks_as_far_as_the_picture_itself(method: Any) -> None:
    """Squares are lighter than what is around them; within a small window they are not."""
    rows, columns = np.mgrid[:240, :240]
    squares = ((rows // 20) % 3 == 1) & ((columns // 20) % 3 == 1)
    image = (columns // 3 + squares * 60 + 60).astype(np.uint8)
    segmenter = Adaptive(method, 81, -8.0, k=0.0)
    whole, small = segmented(segmenter, image), segmented(segmenter, image[::4, ::4], scale=4)
    assert (whole[40:-40, 40:-40] == squares[40:-40, 40:-40]).mean() > 0.98
    assert (small == whole[::4, ::4]).mean() > 0.98


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
