"""Drawn tiles in memory: the budget, what is out of date, what lies over a box."""

import numpy as np
import pytest

from segstudio.domain.geometry import Box
from segstudio.domain.tiles import TILE, blank
from segstudio.gui.canvas import held
from segstudio.gui.canvas.held import HeldTiles


@pytest.fixture
def tiles(qapp):
    return HeldTiles()


def test_the_least_recently_shown_goes_first(tiles, monkeypatch):
    monkeypatch.setattr(held, "BUDGET", 3 * held.NBYTES)
    for column in range(3):
        tiles.keep((0, 0, column), blank())
    tiles.show((0, 0, 0))
    tiles.keep((0, 0, 3), blank())
    assert list(tiles) == [(0, 0, 2), (0, 0, 0), (0, 0, 3)]
    assert tiles.nbytes == 3 * held.NBYTES


def test_empty_tiles_cost_little_and_are_known_to_be_empty(tiles):
    assert tiles.keep((0, 1, 1), None) is None
    assert (0, 1, 1) in tiles
    assert tiles.drawn() == []
    assert 0 < tiles.nbytes < 1000


def test_a_tile_that_is_made_anew_or_dropped_is_no_longer_out_of_date(tiles):
    for column in range(2):
        tiles.keep((0, 0, column), blank())
        tiles.stale.add((0, 0, column))
    tiles.keep((0, 0, 0), blank())
    tiles.drop((0, 0, 1))
    tiles.drop((5, 5, 5))  # never held
    assert tiles.stale == set()
    assert tiles.nbytes == held.NBYTES
    tiles.clear()
    assert (list(tiles), tiles.nbytes) == ([], 0)


def test_what_lies_over_a_box_is_found_at_every_level(tiles):
    for place in ((0, 0, 0), (0, 0, 1), (1, 0, 0), (1, 3, 3)):
        tiles.keep(place, np.zeros((TILE, TILE), np.uint8))
    box = Box(0, TILE, 10, TILE + 10)
    assert tiles.levels() == {0, 1}
    assert set(tiles.over(box, {0, 1})) == {(0, 0, 1), (1, 0, 0)} == set(tiles.inside(box))
    assert tiles.over(box, {0}) == [(0, 0, 1)]
