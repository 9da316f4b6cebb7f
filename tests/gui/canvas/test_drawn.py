import numpy as np
import pytest

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.tiles import TILE, Packed, SparseLayer
from segstudio.gui.canvas.drawn import (
    copy_part,
    decimated,
    finer,
    most,
    outline,
    place_box,
    under,
)
from segstudio.gui.canvas.sources import Still


def few(rows, columns, count=60, seed=0):
    """Return a layer of a few tiles of noise on a large grid."""
    rng = np.random.default_rng(seed)
    made = SparseLayer(rows * TILE, columns * TILE)
    for _ in range(count):
        key = int(rng.integers(rows)), int(rng.integers(columns))
        made.put(key, Packed.of(rng.integers(0, 4, (TILE, TILE), dtype=np.uint8)))
    # Where coarse levels have their pixels.
    for key in ((0, 0), (0, 4), (4, 0), (8, 8)):
        made.put(key, Packed.of(rng.integers(0, 4, (TILE, TILE), dtype=np.uint8)))
    return made


def expected(layer, place):
    """Return each pixel of a drawn tile by looking it up."""
    level, row, column = place
    out = np.full((TILE, TILE), UNLABELLED, np.uint8)
    for y in range(TILE):
        for x in range(TILE):
            top, left = (row * TILE + y) << level, (column * TILE + x) << level
            tile = layer.get((top // TILE, left // TILE))
            if tile is not None:
                out[y, x] = tile.array[top % TILE, left % TILE]
    return out


@pytest.mark.parametrize("level", [0, 1, 3, 5, 8, 9, 10, 11, 12])
def test_every_level_is_every_nth_pixel(level):
    layer = few(40, 40)
    place = (level, 0, 0)
    keys = under(Still(layer), place)
    assert np.array_equal(decimated(Still(layer), place, keys), expected(layer, place))


def test_both_ways_to_look_find_the_same():
    layer = few(64, 64, count=200)
    for place in ((2, 1, 1), (5, 0, 1), (9, 0, 0), (10, 0, 0)):
        top = place_box(place)
        wanted = [
            key
            for key in layer
            if top.top <= key[0] * TILE < top.bottom
            and top.left <= key[1] * TILE < top.right
            and not (key[0] * TILE % (1 << place[0]) or key[1] * TILE % (1 << place[0]))
        ]
        assert sorted(under(Still(layer), place)) == sorted(wanted)


def test_looking_takes_no_longer_than_there_are_tiles_or_places():
    asked = []

    class Counting(Still):
        def __contains__(self, key):
            asked.append(key)
            return super().__contains__(key)

        def __iter__(self):
            for key in super().__iter__():
                asked.append(key)
                yield key

    layer = few(64, 64, count=300)
    for level in range(13):
        asked.clear()
        under(Counting(layer), (level, 0, 0))
        assert len(asked) <= min(len(layer), most((level, 0, 0)))
    assert most((12, 0, 0)) == TILE * TILE


@pytest.mark.parametrize("level", [0, 2, 8, 9, 11])
@pytest.mark.parametrize("seed", range(3))
def test_a_part_is_copied_as_if_all_were_made_anew(level, seed):
    rng = np.random.default_rng(seed)
    before, after = few(20, 20, seed=seed), few(20, 20, seed=seed)
    place = (level, 0, 0)
    top, left = (int(v) for v in rng.integers(0, 4000, 2))
    box = Box(top, left, top + int(rng.integers(1, 2000)), left + int(rng.integers(1, 2000)))
    for key in list(after):
        whole = Box(key[0] * TILE, key[1] * TILE, (key[0] + 1) * TILE, (key[1] + 1) * TILE)
        part = whole.clipped(box)
        if part:
            array = after.get(key).array.copy()
            array[part.within(whole)] = 7
            after.put(key, Packed.of(array))
    drawn = expected(before, place)
    copy_part(drawn, Still(after), place, box)
    assert np.array_equal(drawn, expected(after, place))


def test_four_finer_tiles_cover_a_coarser():
    parts = finer((3, 1, 2))
    assert [p[0] for p in parts] == [2] * 4
    boxes = [place_box(p) for p in parts]
    whole = place_box((3, 1, 2))
    assert sum(box.area for box in boxes) == whole.area
    assert all(box.clipped(whole) == box for box in boxes)


def test_outlines_are_the_pixels_with_another_neighbour():
    ids = np.full((TILE, TILE), UNLABELLED, np.uint8)
    ids[10:20, 10:20] = 3
    found = outline(ids)
    assert (found[19, 10:20] == 3).all()
    assert (found[10:20, 19] == 3).all()
    assert (found[11:18, 11:18] == UNLABELLED).all()
    assert set(np.unique(found).tolist()) == {3, UNLABELLED}
    assert (outline(np.zeros((TILE, TILE), np.uint8)) == UNLABELLED).all()
