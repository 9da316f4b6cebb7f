"""Pictures set aside: by themselves, by folder, by where they lie."""

from collections import Counter
from dataclasses import replace

import pytest

from segstudio.domain.edit import Edit, RowChange
from segstudio.domain.records import ImageRecord, Split
from segstudio.errors import UserError
from segstudio.store.project import Project
from segstudio.workflows.validation import SplitSettings, draw, groups_of, plan_split


@pytest.fixture
def empty(tmp_path):
    made = Project.create(tmp_path / "many")
    yield made
    made.close()


def enter(project, records):
    rows = tuple(RowChange("images", record.id, None, record.row()) for record in records)
    project.apply(Edit("Add", rows=rows))


def picture(id, path, **values):
    name = path.rpartition("/")[2]
    return ImageRecord(id, path, name, 256, 256, hash=values.pop("hash", f"h{id}"), **values)


def split(project, **settings):
    edit = plan_split(project, SplitSettings(**settings))
    project.apply(edit)
    return {image.name: image.split for image in project.images()}


def test_shares_of_the_pictures_are_set_aside_the_same_ones_each_time(empty):
    enter(empty, [picture(n, f"p{n}.png") for n in range(1, 41)])
    first = split(empty, val=0.2, test=0.1)
    assert Counter(first.values()) == {Split.VAL: 8, Split.TEST: 4, Split.POOL: 28}
    assert plan_split(empty, SplitSettings(val=0.2, test=0.1)).rows == ()
    edit = plan_split(empty, SplitSettings(val=0.2, seed=1))
    assert edit.rows
    assert all(row.before["split"] != "test" for row in edit.rows)


def test_what_was_set_aside_for_the_test_never_comes_back(empty):
    enter(empty, [picture(n, f"p{n}.png") for n in range(1, 21)])
    before = split(empty, val=0.2, test=0.3)
    after = split(empty, val=0.5, test=0.0, seed=7)
    tested = {name for name, use in before.items() if use == Split.TEST}
    assert len(tested) == 6
    assert {name for name, use in after.items() if use == Split.TEST} == tested
    assert Counter(after.values())[Split.VAL] == 10


def test_a_copy_of_a_picture_of_the_test_is_one_too(empty):
    enter(empty, [picture(n, f"p{n}.png") for n in range(1, 11)])
    tested = next(n for n, use in split(empty, test=0.1).items() if use == Split.TEST)
    enter(empty, [picture(11, "copy.png", hash="h" + tested[1:-4])])
    assert split(empty, val=0.2)["copy.png"] == Split.TEST


def test_pictures_of_the_split_train_stay_unless_they_are_drawn(empty):
    enter(empty, [picture(n, f"p{n}.png", split=Split.TRAIN) for n in range(1, 11)])
    assert Counter(split(empty, val=0.3).values()) == {Split.TRAIN: 7, Split.VAL: 3}
    assert Counter(split(empty, val=0.3, seed=5).values())[Split.VAL] == 3


def test_equal_pictures_are_never_parted(empty):
    records = [picture(n, f"p{n}.png", hash=f"h{n % 5}") for n in range(1, 21)]
    enter(empty, records)
    after = split(empty, val=0.4)
    for key in range(5):
        assert len({after[f"p{n}.png"] for n in range(1, 21) if n % 5 == key}) == 1


def test_a_folder_is_never_parted(empty):
    enter(empty, [picture(n, f"house-{n % 6}/p{n}.png") for n in range(1, 61)])
    after = split(empty, by="folder", val=0.3, test=0.2)
    uses = {key: {after[f"p{n}.png"] for n in range(1, 61) if n % 6 == key} for key in range(6)}
    assert all(len(use) == 1 for use in uses.values())
    assert {Split.VAL, Split.TEST, Split.POOL} == set().union(*uses.values())


def test_tiles_near_each_other_are_never_parted(empty):
    tiles = [
        picture(100 * row + column + 1, f"city_{256 * row}_{256 * column}.png")
        for row in range(9)
        for column in range(9)
    ]
    enter(empty, tiles)
    groups = groups_of(empty, empty.images(), "position")
    assert sorted(len(group) for group in groups.values()) == [9] * 9
    after = split(empty, by="position", val=0.3)
    for row, column in ((0, 0), (3, 6)):
        block = {
            after[f"city_{256 * (row + r)}_{256 * (column + c)}.png"]
            for r in range(3)
            for c in range(3)
        }
        assert len(block) == 1
    assert Counter(after.values())[Split.VAL] == 27


def test_tiles_are_placed_by_the_ground_where_they_have_one(empty):
    def tile(id, x, y):
        georef = {"transform": [0.5, 0, 600_000 + x * 128, 0, -0.5, 5_000_000 - y * 128]}
        return replace(picture(id, f"t{id}.tif"), georef=georef)

    enter(empty, [tile(6 * y + x + 1, x, y) for x in range(6) for y in range(6)])
    groups = groups_of(empty, empty.images(), "position")
    assert [len(group) for group in groups.values()] == [9] * 4
    corner = next(g for g in groups.values() if any(i.id == 1 for i in g))
    assert {image.id for image in corner} == {1, 2, 3, 7, 8, 9, 13, 14, 15}


def test_what_cannot_be_parted_is_said(empty):
    enter(empty, [picture(n, f"one/p{n}.png") for n in range(1, 5)])
    with pytest.raises(UserError, match="only 1 group by folder"):
        split(empty, by="folder")
    with pytest.raises(UserError, match=r"have no position, such as p1\.png"):
        split(empty, by="position")
    with pytest.raises(UserError, match="nothing would be left"):
        split(empty, val=0.6, test=0.4)
    assert {image.split for image in empty.images()} == {Split.POOL}


def test_groups_larger_than_what_is_wanted_still_give_one():
    groups = {key: [picture(n, f"{key}{n}") for n in range(50)] for key in "abc"}
    assert len(draw(groups, {Split.VAL: 5}, 0)) == 1
    assert draw(groups, {Split.VAL: 0, Split.TEST: -3}, 0) == {}
