import numpy as np

from segstudio.domain.edit import Edit, RowChange, TileChange
from segstudio.domain.geometry import Box
from segstudio.domain.tiles import TILE, Layer, Packed


def tile(value):
    return Packed(np.full((TILE, TILE), value, np.uint8))


def change(image=1, key=(0, 1), before=None, after=None):
    return TileChange(image, Layer.MASK, key, before, after)


def test_an_empty_edit_is_falsy():
    assert not Edit("nothing")
    assert Edit("a row", rows=(RowChange("classes", 1, None, {}),))
    assert Edit("a tile", (change(),))


def test_an_edit_knows_its_images_and_boxes():
    edit = Edit("both", (change(1), change(4, (2, 0))))
    assert edit.images == {1, 4}
    assert [c.box for c in edit.tiles] == [Box(0, 256, 256, 512), Box(512, 0, 768, 256)]


def test_reversing_swaps_before_and_after_and_the_order_of_rows():
    old, new = tile(1), tile(2)
    rows = (
        RowChange("images", 1, None, {"state": "a"}),
        RowChange("images", 1, {"state": "a"}, {"state": "b"}),
    )
    edit = Edit("Paint", (change(before=old, after=new), change(key=(3, 3), after=old)), rows)
    back = edit.reversed()
    assert back.text == "Paint"
    assert [(c.before, c.after) for c in back.tiles] == [(new, old), (old, None)]
    assert back.rows[0] == RowChange("images", 1, {"state": "b"}, {"state": "a"})
    assert back.rows[1] == RowChange("images", 1, {"state": "a"}, None)
    assert back.reversed() == edit


def test_packing_makes_an_edit_smaller():
    new = tile(3)
    edit = Edit("Paint", (change(after=new),))
    whole = edit.nbytes
    new.release()
    assert edit.nbytes < 2000 < TILE * TILE < whole
