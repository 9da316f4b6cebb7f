import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from segstudio.domain.geometry import Box
from segstudio.store.pyramid import Pyramid, shrink


def slow(pixels: NDArray, valid: NDArray | None, by: int) -> tuple[NDArray, NDArray]:
    """Average full cells one by one."""
    height, width, bands = pixels.shape
    out = np.zeros((height // by, width // by, bands))
    ok = np.zeros((height // by, width // by), bool)
    for row in range(height // by):
        for column in range(width // by):
            cell = (slice(row * by, row * by + by), slice(column * by, column * by + by))
            chosen = np.ones((by, by), bool) if valid is None else valid[cell]
            ok[row, column] = chosen.any()
            if chosen.any():
                out[row, column] = pixels[cell][chosen].astype(float).mean(axis=0)
    return out, ok


@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 20),
    st.integers(1, 20),
    st.integers(1, 6),
    st.sampled_from(["uint8", "uint16", "int16", "int32", "float32", "float64"]),
    st.integers(2, 5),
    st.booleans(),
    st.integers(0, 99),
)
def test_cells_are_averages_of_what_is_valid(
    height: int, width: int, bands: int, dtype: str, by: int, masked: bool, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, 200, (height, width, bands)).astype(dtype)
    valid = rng.random((height, width)) < 0.5 if masked else None
    small, small_valid = shrink(pixels, valid, by)
    assert small.shape == (-(-height // by), -(-width // by), bands)
    assert small.dtype == pixels.dtype
    expected, ok = slow(pixels, valid, by)
    inner = small[: height // by, : width // by]
    np.testing.assert_allclose(inner, expected, atol=0.51 if small.dtype.kind in "iu" else 1e-3)
    if masked:
        assert small_valid is not None
        np.testing.assert_array_equal(small_valid[: height // by, : width // by], ok)
    else:
        assert small_valid is None


def test_not_a_number_stays_where_it_is_not_valid() -> None:
    pixels = np.array([[[1.0], [np.nan]], [[3.0], [np.nan]]], np.float32)
    small, valid = shrink(pixels, np.isfinite(pixels[:, :, 0]), 2)
    assert small.tolist() == [[[2.0]]]
    assert valid is not None
    assert valid.all()


def test_the_edge_counts_only_what_is_there() -> None:
    pixels = np.zeros((5, 5, 1), np.uint8)
    pixels[4], pixels[:, 4] = 200, 200
    small, _ = shrink(pixels, None, 4)
    assert small[:, :, 0].tolist() == [[0, 200], [200, 200]]


@pytest.mark.parametrize("stride", [1, 2, 3, 4, 6, 8])
@pytest.mark.parametrize("box", [Box(0, 0, 37, 53), Box(8, 16, 24, 40), Box(3, 5, 30, 33)])
def test_reading_gives_one_pixel_a_cell(stride: int, box: Box) -> None:
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 255, (37, 53, 3), dtype=np.uint8)
    tile = Pyramid(pixels, None).read(box, stride)
    assert tile.box == box
    assert tile.valid is None
    assert tile.pixels.shape == (-(-box.height // stride), -(-box.width // stride), 3)
    rows, columns = box.height // stride, box.width // stride
    whole = pixels[box.slices][: rows * stride, : columns * stride].astype(float)
    mean = whole.reshape(rows, stride, columns, stride, 3).mean(axis=(1, 3))
    # Halving several times rounds several times.
    np.testing.assert_allclose(tile.pixels[:rows, :columns], mean, atol=1.6)


def test_what_is_read_belongs_to_the_reader() -> None:
    pyramid = Pyramid(np.zeros((8, 8, 1), np.uint8), np.eye(8, dtype=bool))
    tile = pyramid.read(Box(0, 0, 8, 8))
    tile.pixels[:] = 9
    assert tile.valid is not None
    tile.valid[:] = True
    again = pyramid.read(Box(0, 0, 8, 8))
    assert not again.pixels.any()
    assert again.valid is not None
    assert again.valid.sum() == 8


def test_smaller_sizes_are_made_when_needed() -> None:
    pyramid = Pyramid(np.zeros((64, 64, 1), np.uint8), None)
    assert pyramid.nbytes == 4096
    pyramid.read(Box(0, 0, 64, 64), 4)
    assert pyramid.nbytes == 4096 + 1024 + 256
