import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.tiles import (
    TILE,
    LayerBuilder,
    Packed,
    SparseLayer,
    blank,
    keys_of,
    tile_box,
)


def noise(seed, shape, holes=0.5):
    rng = np.random.default_rng(seed)
    ids = rng.integers(0, 5, shape, dtype=np.uint8)
    ids[rng.random(shape) < holes] = UNLABELLED
    return ids


def blocks():
    """Return a tile of a few large regions."""
    ids = blank()
    ids[10:90, 20:200] = 1
    ids[100:, 128:] = 2
    return ids


def layer_of(ids):
    """Cut whole-image ids into a sparse layer, pixel by pixel of each tile."""
    height, width = ids.shape
    layer = SparseLayer(height, width)
    for row in range(-(-height // TILE)):
        for column in range(-(-width // TILE)):
            part = ids[row * TILE : (row + 1) * TILE, column * TILE : (column + 1) * TILE]
            whole = blank()
            whole[: part.shape[0], : part.shape[1]] = part
            layer.put((row, column), Packed.of(whole))
    return layer


def test_a_tile_of_nothing_is_none():
    assert Packed.of(blank()) is None


@pytest.mark.parametrize("make", [blocks, lambda: noise(0, (TILE, TILE))])
def test_a_tile_cannot_be_changed(make):
    tile = Packed.of(make())
    with pytest.raises(ValueError, match="read-only"):
        tile.array[0, 0] = 1
    tile.release()
    with pytest.raises(ValueError, match="read-only"):
        tile.array[0, 0] = 1


def test_a_tile_survives_packing():
    ids = noise(1, (TILE, TILE))
    tile = Packed.of(ids.copy())
    unpacked = tile.nbytes
    again = Packed(data=tile.data)
    assert (again.array == ids).all()
    assert again == tile
    tile.release()
    assert (tile.array == ids).all()
    assert tile.nbytes == len(tile.data) < unpacked == TILE * TILE
    assert tile.hold() is tile.array
    assert tile.nbytes == TILE * TILE + len(tile.data)


def test_tiles_of_other_ids_differ():
    ids = noise(2, (TILE, TILE))
    other = ids.copy()
    other[200, 3] ^= 1
    assert Packed(ids) == Packed(ids.copy())
    assert Packed(ids) != Packed(other)
    assert Packed(ids) != "a tile"


def test_broken_data_is_refused():
    data = Packed(blocks()).data
    for broken in (b"", data[:-1], b"\xff" + data[1:]):
        with pytest.raises(ValueError):  # noqa: PT011
            _ = Packed(data=broken).array


def test_keys_cover_a_box():
    assert list(keys_of(Box(0, 0, 1, 1))) == [(0, 0)]
    assert list(keys_of(Box(255, 256, 257, 512))) == [(0, 1), (1, 1)]
    assert tile_box((1, 2)) == Box(256, 512, 512, 768)


@given(st.integers(0, 600), st.integers(0, 600), st.integers(0, 300), st.integers(0, 300))
@settings(max_examples=40, deadline=None)
def test_reading_a_box_equals_slicing_the_whole(top, left, height, width):
    ids = noise(3, (601, 607))
    box = Box(top, left, min(top + height, 601), min(left + width, 607))
    found = layer_of(ids).read(box)
    assert (found == ids[box.slices]).all()
    assert found.shape == ids[box.slices].shape
    assert found.flags.writeable


def test_reading_gives_a_copy():
    layer = layer_of(noise(4, (300, 300), holes=0))
    layer.read(Box(0, 0, 300, 300))[:] = 9
    assert 9 not in layer.read(Box(0, 0, 300, 300))


def test_a_layer_counts_and_knows_where_it_holds_anything():
    ids = np.full((600, 700), UNLABELLED, np.uint8)
    ids[260:270, 10:30] = 3
    ids[599, 699] = 0
    layer = layer_of(ids)
    assert len(layer) == 2
    counts = layer.counts()
    assert counts.shape == (255,)
    assert counts[3] == 200
    assert counts[0] == 1
    assert counts.sum() == 201
    assert layer.present() == Box(256, 0, 600, 700)
    layer.put((1, 0), None)
    assert (1, 0) not in layer
    assert layer.present() == Box(512, 512, 600, 700)
    layer.put((2, 2), None)
    layer.put((2, 2), None)
    assert layer.present() is None


def test_a_copy_of_a_layer_stays_as_it_is():
    layer = layer_of(noise(5, (300, 300)))
    before = layer.copy()
    layer.put((0, 0), None)
    assert (0, 0) in before
    assert len(before) == 4


@given(st.integers(1, 520), st.integers(1, 520), st.integers(40, 300), st.integers(0, 99))
@settings(max_examples=25, deadline=None)
def test_building_by_windows_equals_building_at_once(height, width, size, seed):
    ids = noise(seed, (height, width))
    ids[: height // 2] = UNLABELLED
    boxes = [
        Box(top, left, min(top + size, height), min(left + size, width))
        for top in range(0, height, size)
        for left in range(0, width, size)
    ]
    random.Random(seed).shuffle(boxes)
    builder = LayerBuilder(height, width)
    for box in boxes:
        builder.write(box, ids[box.slices])
    direct = layer_of(ids)
    tiles = builder.finish()
    assert set(tiles) == set(direct)
    assert all(tile == direct.get(key) for key, tile in tiles.items())


def test_a_builder_packs_a_tile_as_soon_as_it_is_whole():
    builder = LayerBuilder(512, 512)
    builder.write(Box(0, 0, 256, 300), np.ones((256, 300), np.uint8))
    assert set(builder._done) == {(0, 0)}
    assert builder._done[0, 0].nbytes < 1000
    builder.write(Box(256, 0, 512, 100), np.ones((256, 100), np.uint8))
    tiles = builder.finish()
    assert set(tiles) == {(0, 0), (0, 1), (1, 0)}
    assert (tiles[1, 0].array[:, :100] == 1).all()
    assert (tiles[1, 0].array[:, 100:] == UNLABELLED).all()
