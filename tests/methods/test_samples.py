from typing import Any

import numpy as np
import pytest

from segstudio.domain.geometry import Box
from segstudio.domain.tiling import Tile
from segstudio.errors import UserError
from segstudio.methods.greys import grey, plain
from segstudio.methods.samples import ArrayPicture, Samples


class Counting(ArrayPicture):
    reads = 0

    def read(self, box: Box, stride: int = 1) -> Tile:
        object.__setattr__(self, "reads", self.reads + 1)
        return super().read(box)


def test_all_of_a_picture_is_seen_once() -> None:
    pixels = np.arange(1500 * 1100, dtype=np.float32).reshape(1500, 1100, 1)
    seen = np.concatenate([tile.pixels.ravel() for tile in Samples.of(pixels).tiles()])
    assert (np.sort(seen) == pixels.ravel()).all()


class Endless:
    """A raster far larger than memory, whose pixels tell where they lie."""

    height, width = 30_000, 30_000

    def read(self, box: Box, stride: int = 1) -> Tile:
        rows = np.arange(box.top, box.bottom, dtype=np.float32)[:, None, None]
        columns = np.arange(box.left, box.right, dtype=np.float32)[None, :, None]
        return Tile(np.concatenate(np.broadcast_arrays(rows, columns), 2), box)


def test_of_a_large_picture_scattered_pieces_are_seen() -> None:
    samples = Samples([Endless()], limit=4_000_000)
    boxes = [tile.box for tile in samples.tiles()]
    assert boxes == [tile.box for tile in samples.tiles()]
    assert 2_000_000 < sum(box.area for box in boxes) <= 4_000_000
    whole = Box(0, 0, 30_000, 30_000)
    assert all(box.clipped(whole) == box and box for box in boxes)
    tops, lefts = (np.array([getattr(b, side) for b in boxes]) for side in ("top", "left"))
    for places in (tops, lefts):
        assert (np.histogram(places, 4, (0, 30_000))[0] >= 5).all()


def test_every_picture_of_many_is_seen() -> None:
    pictures = [ArrayPicture(np.full((300, 400 + n, 1), n, np.uint8)) for n in range(10)]
    seen = {int(t.pixels[0, 0, 0]) for t in Samples(pictures, limit=1_000_000).tiles()}
    assert seen == set(range(10))


def test_the_histogram_is_counted_once() -> None:
    picture = Counting(np.random.default_rng(0).integers(0, 256, (50, 60, 3), np.uint8))
    samples = Samples([picture])
    assert samples.histogram() is samples.histogram()
    assert picture.reads == 1
    assert samples.colours() is samples.colours()


def test_greys_of_8_bits_are_opencvs() -> None:
    import cv2

    pixels = np.random.default_rng(0).integers(0, 256, (50, 60, 3), np.uint8)
    assert (grey(pixels) == cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)).all()
    counts = Samples.of(pixels).histogram().counts
    assert (counts == np.bincount(grey(pixels).ravel(), minlength=256)).all()


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
@pytest.mark.parametrize("bands", [2, 4, 7])
def test_the_grey_of_other_bands_is_their_mean(dtype: Any, bands: int) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (5, 6, bands)).astype(dtype)
    off = np.abs(grey(pixels) - pixels.astype(np.float64).mean(2))
    assert grey(pixels).dtype == dtype
    assert off.max() <= (1e-4 if dtype == np.float32 else 0.5)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int16, np.int32])
def test_other_numbers_are_counted_over_their_range(dtype: Any) -> None:
    pixels = np.random.default_rng(0).integers(-300, 900, (80, 90, 1)).astype(dtype)
    found = Samples.of(pixels).histogram()
    assert found.edges[0] == pixels.min()
    assert found.edges[-1] == pixels.max()
    assert (found.counts == np.histogram(pixels, 256)[0]).all()


def test_two_pictures_share_a_range() -> None:
    low, high = (np.full((4, 5, 1), value, np.float32) for value in (-1, 3))
    found = Samples([ArrayPicture(low), ArrayPicture(high)]).histogram()
    assert (found.counts[0], found.counts[-1]) == (20, 20)


def test_pictures_of_different_kinds_are_refused() -> None:
    pair = [ArrayPicture(np.zeros((4, 5, 3), dtype)) for dtype in ("u1", "u2")]
    with pytest.raises(UserError, match="different kinds of numbers"):
        Samples(pair).histogram()
    with pytest.raises(UserError, match="differ in their number of bands or their kind"):
        Samples(pair).colours()
    bands = [ArrayPicture(np.zeros((4, 5, number), np.float32)) for number in (3, 4)]
    with pytest.raises(UserError, match="differ in their number of bands"):
        Samples(bands).colours()


def test_a_bin_keeps_the_mean_colour_of_its_pixels() -> None:
    pixels = np.array([[[100, 50, 8], [102, 51, 10], [200, 0, 0]]], np.uint8)
    found = Samples.of(pixels).colours()
    assert sorted(found.counts) == [1, 2]
    assert sorted(map(tuple, found.colours)) == [(101, 50.5, 9), (200, 0, 0)]


def test_outliers_do_not_flatten_a_stretch() -> None:
    pixels = np.random.default_rng(0).uniform(0, 1, (100, 100, 3)).astype(np.float32)
    pixels[0, 0] = 1e6
    encoding = Samples.of(pixels).colours().encoding
    assert encoding.high is not None
    assert max(encoding.high) < 1.1
    assert np.ptp(encoding.encode(pixels)[1:]) > 250


def test_a_band_that_is_nearly_constant_keeps_its_rest() -> None:
    pixels = np.zeros((200, 200, 1), np.float32)
    pixels[0, :5] = 7
    encoding = Samples.of(pixels).colours().encoding
    assert (encoding.low, encoding.high) == ((0.0,), (7.0,))


def test_plain_numbers() -> None:
    kinds: list[tuple[Any, Any]] = [
        (bool, np.uint8),
        (">u2", np.uint16),
        (np.int16, np.float32),
        (np.float16, np.float32),
        (np.int32, np.float64),
        (np.complex64, np.float32),
    ]
    for given, expected in kinds:
        made = plain(np.ones((2, 2, 1), given))
        assert made.dtype == expected
        assert made.dtype.isnative
        assert (made == 1).all()
