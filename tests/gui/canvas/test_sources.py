import numpy as np
import pytest

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.stroke import capsule
from segstudio.domain.tiles import TILE, Layer, Packed, SparseLayer
from segstudio.gui.canvas.sources import (
    DIFFERENT,
    ONLY_FIRST,
    ONLY_SECOND,
    SAME,
    Difference,
    SessionLayer,
    Still,
    compared,
)


def layer_of(tiles):
    made = SparseLayer(3 * TILE, 3 * TILE)
    for key, id in tiles.items():
        made.put(key, Packed.of(np.full((TILE, TILE), id, np.uint8)))
    return made


def test_each_pixel_is_compared():
    first = np.array([[1, 1, 2, 255, 255]], np.uint8)
    second = np.array([[1, 255, 0, 3, 255]], np.uint8)
    wanted = [[SAME, ONLY_FIRST, DIFFERENT, ONLY_SECOND, UNLABELLED]]
    assert compared(first, second).tolist() == wanted


def test_a_difference_has_the_tiles_of_both():
    first, second = layer_of({(0, 0): 1, (0, 1): 2}), layer_of({(0, 1): 2, (2, 2): 0})
    found = Difference(Still(first), Still(second))
    assert sorted(found) == [(0, 0), (0, 1), (2, 2)]
    assert len(found) >= 3
    values = {key: set(np.unique(found.tile(key, 1)).tolist()) for key in found}
    assert values == {(0, 0): {ONLY_FIRST}, (0, 1): {SAME}, (2, 2): {ONLY_SECOND}}
    assert found.tile((1, 1), 1) is None
    assert (1, 1) not in found
    assert (2, 2) in found
    assert found.box == first.box


def test_a_snapshot_keeps_what_was_there(session, open_image, stroke, wait_idle):
    open_image(1)
    source = SessionLayer(session, Layer.MASK)
    assert len(source) == 0
    assert list(source) == []
    stroke((50, 50), (60, 50))
    before = source.snapshot()
    stroke((300, 300), (320, 300))
    assert list(before) == [(0, 0)]
    assert sorted(source) == [(0, 0), (1, 1)]
    assert before.tile((1, 1), 1) is None
    wait_idle()


def test_a_stroke_in_progress_is_seen_and_told(session, open_image, wait_idle):
    open_image(1)
    source = SessionLayer(session, Layer.MASK)
    session.begin_draft()
    session.paint(*capsule((50, 50), (50, 50), 20, session.image.box), 1)
    assert list(source) == [(0, 0)]
    assert (0, 0) in source
    assert source.tile((0, 0), 1)[50, 50] == 1
    assert source.unsettled()
    assert len(source.snapshot()) == 0
    session.cancel_draft()
    assert list(source) == []
    assert source.unsettled() == []
    wait_idle()


@pytest.mark.parametrize("layer", [Layer.MASK, Layer.PROPOSAL])
def test_without_an_image_there_is_nothing(session, layer):
    source = SessionLayer(session, layer)
    assert list(source) == []
    assert (0, 0) not in source
    assert not source.box
    assert len(source.snapshot()) == 0
