"""Edits that come later than they were planned."""

import numpy as np

from segstudio.domain.classes import LabelClass
from segstudio.domain.edit import Edit, RowChange, TileChange
from segstudio.domain.layers import Layers
from segstudio.domain.merging import brought_up_to
from segstudio.domain.records import ImageRecord, Split, State, class_row
from segstudio.domain.tiles import Layer, Packed

SKY = LabelClass(0, "sky", (1, 2, 3))
TREE = LabelClass(1, "tree", (4, 5, 6))
IMAGE = ImageRecord(7, "a.png", "a.png", 300, 200)


def tile(value):
    return Packed(np.full((256, 256), value, np.uint8))


def new(label):
    return RowChange("classes", label.id, None, class_row(label))


def now(edit, images=(IMAGE,), image=None, layers=None, classes=(SKY,)):
    return brought_up_to(edit, {each.id: each for each in images}, image, layers, classes)


def test_values_that_someone_else_has_changed_stand():
    before = {"state": State.UNLABELLED, "split": Split.POOL}
    after = {"state": State.REVIEWED, "split": Split.TRAIN}
    edit = Edit("Mark", rows=(RowChange("images", 7, before, after),))
    other = ImageRecord(7, "a.png", "a.png", 300, 200, state=State.IN_WORK)
    (row,) = now(edit, (other,)).rows
    assert (row.before, row.after) == ({"split": "pool"}, {"split": "train"})
    assert not now(edit, ())


def test_tiles_of_pictures_that_are_gone_are_left_out():
    changes = [TileChange(id, Layer.MASK, (0, 0), None, tile(1)) for id in (7, 8)]
    assert [change.image for change in now(Edit("Batch", tuple(changes))).tiles] == [7]


def test_what_was_there_before_is_what_is_shown_now():
    layers = Layers.empty(200, 300)
    layers.mask.put((0, 0), tile(5))
    edit = Edit("Accept", (TileChange(7, Layer.MASK, (0, 0), None, tile(1)),))
    assert now(edit, image=IMAGE, layers=layers).tiles[0].before == tile(5)


def test_new_classes_get_the_next_numbers_where_others_have_got_theirs():
    grass = LabelClass(0, "grass", (7, 8, 9))
    rows = now(Edit("Add", rows=(new(grass), new(TREE))), classes=(SKY,)).rows
    assert [(row.id, row.after["id"], row.after["name"]) for row in rows] == [
        (1, 1, "grass"),
        (2, 2, "tree"),
    ]
    assert now(Edit("Add", rows=(new(TREE),)), classes=(SKY,)).rows == (new(TREE),)


def test_a_new_class_with_pixels_keeps_its_number():
    change = TileChange(7, Layer.MASK, (0, 0), None, tile(0))
    edit = Edit("Import", (change,), (new(SKY),))
    assert now(edit, classes=()).rows == (new(SKY),)


def test_a_class_that_is_gone_is_neither_changed_nor_deleted():
    gone = RowChange("classes", 1, class_row(TREE), None)
    renamed = RowChange("classes", 1, {"name": "tree"}, {"name": "trees"})
    assert not now(Edit("Delete", rows=(gone, renamed)), classes=(SKY,))
