"""Pictures and classes in memory: what edits make of them, and edits that change them."""

from dataclasses import replace

import pytest

from segstudio.domain.classes import LabelClass
from segstudio.domain.edit import RowChange
from segstudio.domain.records import ImageRecord, Split, class_row
from segstudio.errors import UserError
from segstudio.gui.records import Records

GROUND, SIGN = LabelClass(0, "ground", "#000000"), LabelClass(1, "sign", "#ff0000", position=1)


@pytest.fixture
def records():
    pictures = [ImageRecord(id, f"../photos/{id}.png", f"{id}.png", 8, 6) for id in (1, 2)]
    return Records({picture.id: picture for picture in pictures}, [GROUND, SIGN])


def test_rows_bring_pictures_and_classes_up(records):
    gone = RowChange("images", 1, records.images[1].row(), None)
    split = RowChange("images", 2, {"split": "pool"}, {"split": "val"})
    door = LabelClass(2, "door", "#00ff00", position=-1)
    before = records.classes
    changed = records.take([gone, split, RowChange("classes", 2, None, class_row(door))])
    assert (changed.images, changed.gone, changed.classes) == ([1, 2], {1}, True)
    assert list(records.images) == [2]
    assert records.images[2].split == Split.VAL
    assert [label.name for label in records.classes] == ["door", "ground", "sign"]
    assert before == [GROUND, SIGN]  # whoever has the old list sees it as it was


def test_an_edit_of_a_class_is_what_differs(records):
    assert records.class_edit(SIGN) is None
    edit = records.class_edit(replace(SIGN, name="poster"))
    assert edit.text == "Change class poster"
    records.take(edit.rows)
    assert records.class_of(1).name == "poster"
    assert records.class_edit(LabelClass(2, "door", "#00ff00", position=2)).text == "Add class door"
    with pytest.raises(UserError):
        records.class_edit(LabelClass(2, "ground", "#00ff00"))


def test_pictures_get_another_split_as_one_edit(records):
    edit = records.image_edit([1, 2, 9], "Judge by them", split=Split.TEST)
    assert [row.id for row in edit.rows] == [1, 2]
    records.take(edit.rows)
    assert {image.split for image in records.images.values()} == {Split.TEST}


def test_paths_follow_the_project(records, tmp_path):
    records.move(tmp_path / "a" / "p.segstudio", tmp_path / "p.segstudio")
    assert [image.path for image in records.images.values()] == [
        "../a/photos/1.png",
        "../a/photos/2.png",
    ]
