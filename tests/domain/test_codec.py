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


@given(
    st.integers(0, 99),
    st.integers(1, 256),
    st.sampled_from([1, 2, 4, 8, 64, 256]),
    st.dictionaries(st.integers(0, 255), st.integers(0, 255), max_size=8),
    st.booleans(),
)
@settings(max_examples=120, deadline=None)
def test_remapping_is_unpacking_looking_up_and_packing(seed, values, smooth, moves, all_gone):
    tile = tile_of(seed, values, smooth)
    table = np.arange(256, dtype=np.uint8)
    for old, new in moves.items():
        table[old] = new
    if all_gone:
        table[:values] = 255
    found = codec.remapped(codec.pack(tile), table, 256)
    plain = table[tile]
    assert found == (None if (plain == 255).all() else codec.pack(plain))


def test_remapping_merges_what_has_become_equal():
    striped = tile_of(3, 2, 64)
    table = np.arange(256, dtype=np.uint8)
    table[1] = 0
    assert codec.remapped(codec.pack(striped), table, 256) == codec.pack(np.zeros_like(striped))


@pytest.mark.parametrize("smooth", [1, 4, 64])
def test_what_is_not_changed_is_handed_back(smooth):
    data = codec.pack(tile_of(0, 100, smooth))
    table = np.arange(256, dtype=np.uint8)
    table[200] = 3
    assert codec.remapped(data, table, 256) is data


@pytest.mark.parametrize("smooth", [1, 4, 64])
def test_ids_of_a_tile(smooth):
    tile = tile_of(5, 40, smooth)
    assert codec.ids_in(codec.pack(tile), 256) == set(np.unique(tile))
    assert codec.ids_in(None, 256) == set()
