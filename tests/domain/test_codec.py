import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segstudio.domain import codec


def tile_of(seed: int, values: int, smooth: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    small = rng.integers(0, values, (256 // smooth, 256 // smooth), np.uint8)
    return np.repeat(np.repeat(small, smooth, 0), smooth, 1)


@given(st.integers(0, 99), st.integers(1, 256), st.sampled_from([1, 2, 8, 64, 256]))
@settings(max_examples=60, deadline=None)
def test_what_is_packed_comes_back_and_is_counted(seed, values, smooth):
    tile = tile_of(seed, values, smooth)
    data = codec.pack(tile)
    assert np.array_equal(codec.unpack(data, 256), tile)
    assert np.array_equal(codec.counts(data, 256), np.bincount(tile.ravel(), minlength=256))


def test_every_kind_of_data_is_used():
    kinds = {codec.pack(tile_of(0, 256, smooth))[0] for smooth in (64, 4, 1)}
    assert kinds == {0, 1, 2}


def test_one_colour_takes_a_few_bytes():
    assert len(codec.pack(np.full((256, 256), 7, np.uint8))) < 8


def test_nothing_counts_nothing():
    assert codec.counts(None, 256).sum() == 0


@pytest.mark.parametrize("data", [b"", b"\x07abc", b"\x01\x01\x02", b"\x02nonsense", b"\x00junk",
                                  b"\x01\x01\x02\x03\x09\x00\x05\x00"])  # fmt: skip
def test_damaged_data_is_refused(data):
    with pytest.raises(ValueError, match="tile"):
        codec.unpack(data, 256)
