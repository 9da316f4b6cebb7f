"""Batches that become one edit, whatever their size, and whatever goes wrong."""

import tracemalloc

import cv2
import numpy as np
import pytest

from segstudio.domain.classes import parse_class
from segstudio.domain.edit import TileChange
from segstudio.domain.records import State
from segstudio.domain.task import Cancelled, Quiet
from segstudio.domain.tiles import Layer, Packed
from segstudio.errors import UserError
from segstudio.methods.segmenter import segmenters
from segstudio.store import staging
from segstudio.store.project import Project
from segstudio.workflows.add import plan_add
from segstudio.workflows.gathering import gathering
from segstudio.workflows.items import to_propose
from segstudio.workflows.segment import plan_segment, proposed

CLASSES = [parse_class(name, id) for id, name in enumerate(("ground", "box", "disc"))]


def count(project, table):
    project.writer.settle()
    return project.reading().execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]


def change(image, value):
    tile = Packed(np.full((256, 256), value, np.uint8))
    return TileChange(image, Layer.PROPOSAL, (0, 0), None, tile)


class Until(Quiet):
    """A task that is cancelled when something is so."""

    def __init__(self, reached):
        self.reached = reached

    def report(self, done, total, text):
        if self.reached():
            raise Cancelled


@pytest.fixture
def kmeans():
    return segmenters["kmeans"](3)


@pytest.fixture
def empty(shapes):
    project = Project.create(shapes / "empty", CLASSES)
    yield project
    project.close()


@pytest.fixture
def bare(empty, shapes):
    """A project of the six pictures without any mask."""
    empty.apply(plan_add(empty, [shapes / "pictures"], Quiet()).edit)
    return empty


def test_several_pictures_wait_in_the_database_a_single_one_does_not(bare, kmeans):
    items = to_propose(bare)
    planned = plan_segment(bare, items, kmeans, Quiet())
    assert planned.edit.tiles == ()
    assert planned.edit.images == {item.image.id for item in items}
    assert (planned.batch.written, count(bare, "staged"), count(bare, "tiles")) == (6, 6, 0)
    bare.apply(planned.edit)
    assert (count(bare, "staged"), count(bare, "tiles")) == (0, 6)
    assert len(bare.history()[0][-1].images) == 6
    assert {image.state for image in bare.images()} == {State.PROPOSED}
    one = plan_segment(bare, items[:1], kmeans, Quiet()).edit
    assert (one.staged, len(one.tiles)) == (None, 1)


@pytest.mark.parametrize("accept", [False, True])
def test_a_batch_of_many_is_the_same_as_one_after_the_other(shapes, tmp_path, kmeans, accept):
    def made(name, batches):
        project = Project.create(tmp_path / name, CLASSES)
        project.apply(plan_add(project, [shapes / "pictures"], Quiet()).edit)
        for items in batches(to_propose(project)):
            project.apply(plan_segment(project, items, kmeans, Quiet(), accept=accept).edit)
        found = [
            (image.state, *(project.layers(image)[layer].read(image.box) for layer in Layer))
            for image in project.images()
        ]
        project.close()
        return found

    together = made("together", lambda items: [items])
    apart = made("apart", lambda items: [[item] for item in items])
    for (state, *layers), (expected, *others) in zip(together, apart, strict=True):
        assert state == expected == (State.IN_WORK if accept else State.PROPOSED)
        np.testing.assert_array_equal(layers, others)


def test_a_cancelled_batch_is_one_edit_of_what_was_done(bare, kmeans):
    """Whole pictures only, with their states; one undo takes all of it back."""
    done = []

    def pieces(picture, part):
        done.append(picture)
        part.report(0, 1, "x")
        yield picture.info.box, np.ones((64, 96), np.uint8), None

    def batch():
        items, table = to_propose(bare), np.arange(256, dtype=np.uint8)
        stop = Until(lambda: len(done) >= 4)
        return proposed(bare, items, pieces, table, stop, False, "Trying", "Try")

    planned = batch()
    assert planned.batch.interrupted
    assert planned.batch.written == planned.batch.images == 3
    bare.apply(planned.edit)
    assert [i.state for i in bare.images()] == [State.PROPOSED] * 3 + [State.UNLABELLED] * 3
    assert count(bare, "tiles") == 3
    line = bare.history()[0]
    assert line[-1].text == "Try"
    bare.turn([line[-1].id], undo=True).result()
    assert {i.state for i in bare.images()} == {State.UNLABELLED}
    assert count(bare, "tiles") == 0


def test_a_picture_that_cannot_be_read_is_left_out_of_a_staged_batch(bare, kmeans, shapes):
    (shapes / "pictures" / "p3.png").unlink()
    planned = plan_segment(bare, to_propose(bare), kmeans, Quiet())
    assert (planned.batch.images, len(planned.batch.failed)) == (5, 1)
    bare.apply(planned.edit)
    assert count(bare, "tiles") == 5


def test_memory_does_not_grow_with_a_batch(tmp_path, monkeypatch):
    """Proposals of noise are the largest: eight times as many may not take twice the memory."""
    monkeypatch.setattr(staging, "CHUNK", 64 << 10)
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for number in range(32):
        pixels = np.full((512, 512, 3), number, np.uint8)
        cv2.imwrite(str(pictures / f"{number:02d}.png"), pixels)
    project = Project.create(tmp_path / "many", CLASSES)
    project.apply(plan_add(project, [pictures], Quiet()).edit)
    noise = np.random.default_rng(0).integers(0, 3, (512, 512)).astype(np.uint8)

    def pieces(picture, part):
        yield picture.info.box, noise, None

    def peak(pictures):
        items, table = to_propose(project)[:pictures], np.arange(256, dtype=np.uint8)
        tracemalloc.start()
        planned = proposed(project, items, pieces, table, Quiet(), False, "Trying", "Try")
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        project.apply(planned.edit)
        return found

    few, many = peak(4), peak(32)
    assert project.reading().execute("SELECT SUM(length(data)) FROM tiles").fetchone()[0] > 1.5e6
    assert many < 1.5 * few, f"{few} bytes for 4 pictures, {many} for 32"
    project.close()


def test_a_disk_that_refuses_ends_the_batch_and_leaves_nothing(bare, kmeans, monkeypatch):
    calls = []

    def full(self, changes, task=None):
        calls.append(list(changes))
        if len(calls) == 3:
            raise UserError("the disk refuses more: it is full", "make room")
        put(self, calls[-1], task)

    put = staging.Stage.put
    monkeypatch.setattr(staging, "CHUNK", 1)
    monkeypatch.setattr(staging.Stage, "put", full)
    with pytest.raises(UserError, match="it is full"):
        plan_segment(bare, to_propose(bare), kmeans, Quiet())
    assert len(calls) == 3
    assert (count(bare, "staged"), count(bare, "tiles")) == (0, 0)


def test_what_goes_wrong_otherwise_leaves_nothing_staged(bare, monkeypatch):
    monkeypatch.setattr(staging, "CHUNK", 1)

    def interrupted():
        with gathering(bare, 2) as gathered:
            gathered.take([change(1, 1)], None)
            assert count(bare, "staged") == 1
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        interrupted()
    assert count(bare, "staged") == 0


def test_masks_that_come_with_pictures_are_staged(empty, shapes):
    done = plan_add(empty, [shapes / "pictures"], Quiet(), masks=shapes / "masks")
    assert (done.added, done.masks, done.edit.tiles) == (6, 4, ())
    assert count(empty, "staged") == 8
    assert not empty.images()
    empty.apply(done.edit)
    assert [i.state for i in empty.images()] == [State.REVIEWED] * 4 + [State.UNLABELLED] * 2
    image = empty.images()[1]
    expected = cv2.imread(str(shapes / "masks" / "p2.png"), cv2.IMREAD_UNCHANGED)
    np.testing.assert_array_equal(empty.layers(image).mask.read(image.box), expected)
    (entry,) = empty.history()[0]
    empty.turn([entry.id], undo=True).result()
    assert not empty.images()
    assert count(empty, "tiles") == 0


def test_a_mask_that_is_half_read_when_it_is_cancelled_is_not_there(empty, shapes):
    class During(Quiet):
        seen = 0

        def report(self, done, total, text):
            self.seen += 1
            if self.seen == 8:
                raise Cancelled

    done = plan_add(empty, [shapes / "pictures"], During(), masks=shapes / "masks")
    assert done.interrupted
    empty.apply(done.edit)
    images = empty.images()
    assert 0 < len(images) == done.added < 6
    assert done.masks == len([i for i in images if i.state == State.REVIEWED])
    assert count(empty, "tiles") == 2 * done.masks
