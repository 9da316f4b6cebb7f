import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from segstudio.store.png import IndexedPng

PALETTE = np.random.default_rng(1).integers(0, 256, (256, 3), dtype=np.uint8)
ALPHA = np.full(256, 255, np.uint8)
ALPHA[255] = 0


def written(ids: np.ndarray, step: int) -> bytes:
    file = io.BytesIO()
    with IndexedPng(file, ids.shape[1], ids.shape[0], PALETTE, ALPHA) as png:
        for top in range(0, len(ids), step):
            png.write(ids[top : top + step])
    return file.getvalue()


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 17), st.integers(0, 999))
def test_pillow_reads_back_what_was_written(height: int, width: int, step: int, seed: int) -> None:
    ids = np.random.default_rng(seed).integers(0, 256, (height, width), dtype=np.uint8)
    with Image.open(io.BytesIO(written(ids, step))) as image:
        image.load()
        assert image.mode == "P"
        np.testing.assert_array_equal(np.asarray(image), ids)
        np.testing.assert_array_equal(
            np.array(image.getpalette(), np.uint8).reshape(-1, 3), PALETTE
        )
        alpha = np.asarray(image.convert("RGBA"))[:, :, 3]
        np.testing.assert_array_equal(alpha == 0, ids == 255)


def test_long_files_are_cut_into_chunks() -> None:
    ids = np.random.default_rng(0).integers(0, 256, (1000, 1000), dtype=np.uint8)
    data = written(ids, 64)
    assert data.count(b"IDAT") > 2
    with Image.open(io.BytesIO(data)) as image:
        np.testing.assert_array_equal(np.asarray(image), ids)


def test_masks_get_small() -> None:
    ids = np.zeros((1000, 1000), np.uint8)
    ids[200:700, 300:600] = 3
    assert len(written(ids, 256)) < 5000


def test_wrong_rows_are_refused() -> None:
    rows = np.zeros((2, 3), np.uint8)
    png = IndexedPng(io.BytesIO(), 4, 2, PALETTE, ALPHA)
    with pytest.raises(ValueError, match="do not fit"):
        png.write(rows)
    with pytest.raises(ValueError, match="missing"), IndexedPng(io.BytesIO(), 3, 3, PALETTE, ALPHA):
        pass
