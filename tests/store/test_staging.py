import numpy as np
import pytest

from segstudio.domain.edit import Edit, RowChange, TileChange
from segstudio.domain.records import ImageRecord
from segstudio.domain.task import Cancelled
from segstudio.domain.tiles import Layer, Packed
from segstudio.errors import UserError
from segstudio.store import staging
from segstudio.store.project import Project


def tile(value):
    return Packed(np.full((256, 256), value, np.uint8))


def change(image, value, key=(0, 0), layer=Layer.MASK):
    return TileChange(image, layer, key, None, None if value is None else tile(value))


def count(project, table):
    return project.reading().execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]


@pytest.fixture
def two(project):
    """A project with two more records of pictures, ids 11 and 12."""
    records = [ImageRecord(id, f"p{id}.png", f"p{id}", 600, 300) for id in (11, 12)]
    rows = tuple(RowChange("images", r.id, None, r.row()) for r in records)
    project.apply(Edit("Add", rows=rows))
    return project


def test_staged_tiles_are_no_part_of_the_project_until_the_edit_is_made(two):
    stage = two.stage()
    stage.put([change(11, 1), change(12, 2), change(12, 3, (0, 1), Layer.PROPOSAL)])
    edit = stage.edit("Batch")
    assert edit
    assert edit.images == {11, 12}
    assert edit.staged.painted == {11, 12}
    assert count(two, "staged") == 3
    assert count(two, "tiles") == 0
    two.apply(edit)
    assert count(two, "staged") == 0
    layers = two.layers(two.image(12))
    assert layers.mask.get((0, 0)) == tile(2)
    assert layers.proposal.get((0, 1)) == tile(3)
    assert two.shares(11) == {1: 256 * 256}
    entry = two.history()[0][-1]
    assert (entry.text, entry.images) == ("Batch", {11, 12})
    two.turn([entry.id], undo=True).result()
    assert count(two, "tiles") == 0
    assert two.shares() == {}
    two.turn([entry.id], undo=False).result()
    assert two.layers(two.image(11)).mask.get((0, 0)) == tile(1)


def test_it_is_one_of_the_line_of_time_with_others_around_it(two):
    two.apply(Edit("before", (change(11, 5),)))
    stage = two.stage()
    stage.put([change(11, None), change(12, 6)])
    two.apply(stage.edit("Clear"))
    two.apply(Edit("after", (change(11, 7),)))
    ids = [entry.id for entry in two.history()[0]][-3:]
    two.turn([ids[2], ids[1]], undo=True).result()
    assert two.layers(two.image(11)).mask.get((0, 0)) == tile(5)
    assert two.layers(two.image(12)).mask.get((0, 0)) is None
    told = two.turn([ids[1], ids[2]], undo=False, shown={11}).result()
    assert [(c.image, c.before, c.after) for c in told.tiles] == [(11, tile(5), tile(7))]
    assert two.layers(two.image(12)).mask.get((0, 0)) == tile(6)


def test_the_store_tells_what_it_changes_in_the_image_that_is_shown(two):
    stage = two.stage()
    stage.put([change(11, 1), change(12, 2)])
    saved = two.commit(50, stage.edit("Batch"), shown={12}).result()
    assert [(c.image, c.before, c.after) for c in saved.tiles] == [(12, None, tile(2))]


def test_tiles_of_pictures_that_are_gone_are_left_out(two):
    stage = two.stage()
    stage.put([change(11, 1), change(99, 2)])
    two.apply(stage.edit("Batch"))
    assert count(two, "tiles") == 1


def test_pictures_come_and_go_with_their_tiles(two):
    record = ImageRecord(13, "p13.png", "p13", 300, 300)
    stage = two.stage()
    stage.put([change(13, 4)])
    two.apply(stage.edit("Add", [RowChange("images", 13, None, record.row())]))
    assert two.shares(13) == {4: 65536}
    stage = two.stage()
    stage.put([change(13, None)])
    two.apply(stage.edit("Remove", [RowChange("images", 13, record.row(), None)]))
    assert two.shares() == {}
    assert count(two, "tiles") == 0
    assert 13 not in [image.id for image in two.images()]
    two.turn([two.history()[0][-1].id], undo=True).result()
    assert two.layers(two.image(13)).mask.get((0, 0)) == tile(4)


def test_a_picture_that_goes_takes_all_its_tiles_with_it(two):
    record = two.image(11)
    two.apply(Edit("late", (change(11, 1), change(11, 2, (0, 1), Layer.PROPOSAL))))
    two.apply(Edit("Remove", rows=(RowChange("images", 11, record.row(), None),)))
    assert count(two, "tiles") == 0
    assert two.shares() == {}
    two.turn([two.history()[0][-1].id], undo=True).result()
    layers = two.layers(two.image(11))
    assert (layers.mask.get((0, 0)), layers.proposal.get((0, 1))) == (tile(1), tile(2))


def test_what_is_dropped_or_left_behind_is_forgotten(two):
    stage = two.stage()
    stage.put([change(11, 1)])
    stage.edit("never made")
    other = two.stage()
    other.put([change(12, 1)])
    other.edit("dropped")
    other.drop()
    two.writer.settle()
    assert count(two, "staged") == 1
    root = two.root
    two.close()
    again = Project.open(root)
    assert count(again, "staged") == 0
    again.close()


def test_memory_does_not_grow_with_what_is_staged(two, monkeypatch):
    monkeypatch.setattr(staging, "CHUNK", 20_000)
    rng = np.random.default_rng(0)
    stage = two.stage()
    for column in range(40):
        noise = Packed(rng.integers(0, 200, (256, 256), np.uint8))
        stage.put([TileChange(11, Layer.MASK, (0, column), None, noise)])
        assert len(stage._rows) <= 1
        assert len(stage._waiting) <= staging.AHEAD
    edit = stage.edit("Noise")
    two.apply(edit)
    assert len(two.layers(two.image(11)).mask) == 40


def test_a_disk_that_refuses_is_told_and_nothing_is_changed(two, monkeypatch):
    monkeypatch.setattr(staging, "CHUNK", 1)
    two.writer.patience = 0.01
    two.change(lambda c: c.execute("PRAGMA max_page_count = 1")).result()
    stage = two.stage()
    rng = np.random.default_rng(0)
    noise = Packed(rng.integers(0, 200, (256, 256), np.uint8))
    changes = (TileChange(11, Layer.MASK, (0, column), None, noise) for column in range(400))
    with pytest.raises(UserError, match="the disk refuses more"):
        stage.put(changes)
    two.writer.hurry()
    assert count(two, "tiles") == 0


def test_waiting_for_the_disk_can_be_cancelled(two, monkeypatch):
    import threading

    class Told:
        def report(self, done, total, text):
            raise Cancelled

    monkeypatch.setattr(staging, "CHUNK", 1)
    gate = threading.Event()
    two.change(lambda c: gate.wait(10))
    stage = two.stage()
    try:
        with pytest.raises(Cancelled):
            stage.put([change(11, n, (0, n)) for n in range(9)], Told())
    finally:
        gate.set()
