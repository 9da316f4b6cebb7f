from segstudio.domain.geometry import Box, bounding


def test_an_empty_box_is_falsy_and_has_no_area():
    assert not Box(3, 3, 3, 9)
    assert Box(5, 5, 4, 9).area == 0
    assert Box(0, 0, 2, 3).area == 6
    assert not Box(0, 0, 5, 5).clipped(Box(5, 0, 9, 9))


def test_clipping_growing_joining():
    box = Box(2, 3, 6, 9)
    assert box.clipped(Box(4, 0, 20, 5)) == Box(4, 3, 6, 5)
    assert box.grown(2) == Box(0, 1, 8, 11)
    assert box.joined(Box(5, 1, 7, 4)) == Box(2, 1, 7, 9)
    assert (box.height, box.width, box.shape) == (4, 6, (4, 6))
    assert Box(4, 5, 6, 9).within(box) == (slice(2, 4), slice(2, 6))


def test_bounding_of_none_is_none():
    assert bounding([]) is None
    assert bounding([Box(1, 1, 2, 2), Box(4, 0, 5, 1)]) == Box(1, 0, 5, 2)


def test_tiles_lie_on_the_grid_and_cover_the_box_once():
    box = Box(3, 9, 21, 25)
    cells = {(y, x) for y in range(3, 21) for x in range(9, 25)}
    seen = []
    for tile in box.tiles(8):
        assert tile
        assert tile.top // 8 == (tile.bottom - 1) // 8
        assert tile.left // 8 == (tile.right - 1) // 8
        seen += [(y, x) for y in range(tile.top, tile.bottom) for x in range(tile.left, tile.right)]
    assert len(seen) == len(cells)
    assert set(seen) == cells
