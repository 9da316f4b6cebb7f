import sqlite3
import tempfile
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from segstudio.domain.classes import UNLABELLED, LabelClass, default_colour
from segstudio.domain.draft import Draft
from segstudio.domain.edit import Edit, RowChange, TileChange
from segstudio.domain.layers import accepted, replaced
from segstudio.domain.records import ImageRecord, State, class_row
from segstudio.domain.states import changed
from segstudio.domain.stroke import capsule
from segstudio.domain.task import Quiet
from segstudio.domain.tiles import Layer, LayerBuilder, Packed, Source
from segstudio.store import edits, schema
from segstudio.store.project import Project

SHAPES = {1: (300, 530), 2: (120, 90)}


def ids_of(layers):
    return [layers[layer].read(layers.box) for layer in Layer]


class Picture:
    """What is expected of one picture: plain arrays and its state."""

    def __init__(self, shape):
        self.mask, self.source, self.proposal = (
            np.full(shape, UNLABELLED, np.uint8) for _ in Layer
        )
        self.state = State.UNLABELLED

    def copy(self):
        new = Picture(self.mask.shape)
        new.mask, new.source = self.mask.copy(), self.source.copy()
        new.proposal, new.state = self.proposal.copy(), self.state
        return new


class EditsMachine(RuleBasedStateMachine):
    """A project against plain arrays: whatever is done, undone or reopened, they agree."""

    @initialize()
    def begin(self):
        self.folder = tempfile.TemporaryDirectory(prefix="segstudio-")
        classes = [LabelClass(i, f"class {i}", default_colour(i), position=i) for i in range(3)]
        self.project = Project.create(Path(self.folder.name) / "walls", classes)
        images = [ImageRecord(i, f"../{i}.jpg", f"{i}.jpg", w, h) for i, (h, w) in SHAPES.items()]
        self.project.apply(
            Edit("Add", rows=tuple(RowChange("images", i.id, None, i.row()) for i in images))
        )
        self.expected = {id: Picture(shape) for id, shape in SHAPES.items()}
        self.classes = {label.id: label for label in classes}
        self.live = {image.id: self.project.layers(image) for image in images}
        self.line = []  # (id, before, after)
        self.place = 0
        self.next_id = 2

    def snapshot(self):
        return {id: p.copy() for id, p in self.expected.items()}, dict(self.classes)

    def commit(self, edit, before):
        if not edit:
            return
        id, self.next_id = self.next_id, self.next_id + 1
        assert self.project.commit(id, edit).result().id == id
        self.show(edit)
        del self.line[self.place :]
        self.line.append((id, before, self.snapshot()))
        self.place += 1

    def show(self, edit):
        for change in edit.tiles:
            self.live[change.image][change.layer].put(change.key, change.after)

    @property
    def locked(self):
        return [id for id, label in self.classes.items() if label.locked]

    @rule(
        image=st.sampled_from([1, 2]),
        points=st.lists(st.tuples(st.floats(-9, 540), st.floats(-9, 310)), min_size=2, max_size=3),
        diameter=st.sampled_from([1, 12, 60]),
        value=st.sampled_from([0, 1, 2, UNLABELLED]),
    )
    def stroke(self, image, points, diameter, value):
        before, picture = self.snapshot(), self.expected[image]
        record = self.project.image(image)
        draft = Draft(image, self.live[image], self.locked)
        for start, end in pairwise(points):
            box, region = capsule(start, end, diameter, record.box)
            if not box:
                continue
            draft.paint(box, region, value)
            where = np.zeros(picture.mask.shape, bool)
            where[box.slices] = region
            where &= ~np.isin(picture.mask, self.locked)
            picture.mask[where] = value
            picture.source[where] = UNLABELLED if value == UNLABELLED else Source.PERSON
        self.commit(draft.finish("Brush"), before)

    @rule(image=st.sampled_from([1, 2]), seed=st.integers(0, 99), blind=st.booleans())
    def propose(self, image, seed, blind):
        """Propose stripes; ``blind``: without knowing what is there, as for a closed picture."""
        before, picture = self.snapshot(), self.expected[image]
        height, width = picture.mask.shape
        ids = np.full((height, width), UNLABELLED, np.uint8)
        rng = np.random.default_rng(seed)
        for column in range(0, width, 30):
            ids[: rng.integers(0, height), column : column + 20] = rng.integers(0, 3)
        builder = LayerBuilder(height, width)
        builder.write(self.live[image].box, ids)
        changes = replaced(image, Layer.PROPOSAL, self.live[image].proposal, builder.finish())
        if blind:
            changes = [replace(change, before=None) for change in changes]
        picture.proposal = ids
        self.commit(Edit("Propose", tuple(changes)), before)

    @rule(image=st.sampled_from([1, 2]))
    def accept(self, image):
        before, picture = self.snapshot(), self.expected[image]
        changes = tuple(accepted(image, self.live[image], self.locked, Quiet()))
        take = picture.proposal != UNLABELLED
        take &= (picture.source != Source.PERSON) & ~np.isin(picture.mask, self.locked)
        picture.mask = np.where(take, picture.proposal, picture.mask)
        picture.source = np.where(take, np.uint8(Source.PROPOSAL), picture.source)
        picture.proposal = np.full_like(picture.mask, UNLABELLED)
        self.commit(Edit("Accept", changes), before)

    @rule(
        id=st.integers(0, 4), locked=st.booleans(), colour=st.sampled_from([(1, 2, 3), (9, 9, 9)])
    )
    def change_class(self, id, locked, colour):
        before, old = self.snapshot(), self.classes.get(id)
        new = LabelClass(id, f"class {id}", colour, locked=locked, position=id)
        self.classes[id] = new
        row = RowChange("classes", id, class_row(old) if old else None, class_row(new))
        self.commit(Edit("Change class", rows=(row,)), before)

    @rule(image=st.sampled_from([1, 2]), state=st.sampled_from(State))
    def set_state(self, image, state):
        before = self.snapshot()
        row = changed(self.project.image(image), state)
        self.expected[image].state = state
        self.commit(Edit("State", rows=(row,) if row else ()), before)

    @precondition(lambda self: self.place > 0)
    @rule()
    def undo(self):
        self.place -= 1
        id, before, _ = self.line[self.place]
        self.turn(id, before, undo=True)

    @precondition(lambda self: self.place < len(self.line))
    @rule()
    def redo(self):
        id, _, after = self.line[self.place]
        self.place += 1
        self.turn(id, after, undo=False)

    def turn(self, id, snapshot, undo):
        self.show(self.project.turn([id], undo).result())
        pictures, self.classes = snapshot[0], dict(snapshot[1])
        self.expected = {id: picture.copy() for id, picture in pictures.items()}

    @rule()
    def reopen(self):
        root = self.project.root
        self.project.close()
        self.project = Project.open(root)
        self.live = {image.id: self.project.layers(image) for image in self.project.images()}

    @invariant()
    def all_agree(self):
        shares = {}
        for image in self.project.images():
            picture = self.expected[image.id]
            wanted = [picture.mask, picture.source, picture.proposal]
            for layers in (self.project.layers(image), self.live[image.id]):
                for found, array in zip(ids_of(layers), wanted, strict=True):
                    assert np.array_equal(found, array)
            assert image.state == picture.state
            counts = np.bincount(picture.mask.ravel(), minlength=256)[:UNLABELLED]
            own = {int(id): int(counts[id]) for id in np.flatnonzero(counts)}
            assert self.project.shares(image.id) == own
            for id, pixels in own.items():
                shares[id] = shares.get(id, 0) + pixels
        assert self.project.shares() == shares
        assert self.project.classes() == [self.classes[id] for id in sorted(self.classes)]
        entries, done = self.project.history()
        assert [entry.id for entry in entries] == [1, *(id for id, _, _ in self.line)]
        assert done == self.place + 1

    def teardown(self):
        if hasattr(self, "project"):
            self.project.close()
            self.folder.cleanup()


EditsMachine.TestCase.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
test_a_project_agrees_with_plain_arrays = EditsMachine.TestCase


# -- the pieces ----------------------------------------------------------------------


@pytest.fixture
def connection(tmp_path):
    connection = schema.connect(str(tmp_path / "project.db"), write=True)
    schema.migrate(connection)
    yield connection
    connection.close()


def noise(seed):
    return Packed(np.random.default_rng(seed).integers(0, 9, (256, 256), dtype=np.uint8))


def paint(connection, id, seed, budget=edits.DISK, key=(0, 0)):
    edit = Edit(f"edit {id}", (TileChange(1, Layer.MASK, key, None, noise(seed)),))
    saved = edits.commit(connection, id, edit, budget=budget)
    edits.forget(connection, saved.oldest)
    return saved


def ids_in(connection):
    return [entry.id for entry in edits.entries(connection)[0]]


def test_the_oldest_edits_go_when_the_budget_is_spent(connection):
    assert paint(connection, 1, 1).oldest == 1
    assert connection.execute("SELECT bytes FROM edits").fetchone()[0] < 100  # nothing was there
    assert paint(connection, 2, 2).oldest == 1
    size = connection.execute("SELECT bytes FROM edits WHERE id = 2").fetchone()[0]
    assert size > len(noise(1).data)
    budget = 7 * size // 2  # three edits of a tile each
    saved = [paint(connection, id, id, budget) for id in range(3, 6)]
    assert [s.oldest for s in saved] == [1, 1, 3]
    assert ids_in(connection) == [3, 4, 5]
    assert connection.execute("SELECT SUM(bytes) FROM edits").fetchone()[0] <= budget
    left = {row[0] for row in connection.execute("SELECT DISTINCT edit FROM edit_tiles")}
    assert left == set(ids_in(connection))
    edits.turn(connection, [5], undo=True)
    data = connection.execute("SELECT data FROM tiles").fetchone()[0]
    assert Packed(data=data) == noise(4)


def test_the_newest_edit_stays_however_large(connection):
    paint(connection, 1, 1)
    assert paint(connection, 2, 2, budget=1).oldest == 2
    assert ids_in(connection) == [2]


def test_a_new_edit_forgets_what_was_undone_with_its_tiles(connection):
    for id in (1, 2, 3):
        paint(connection, id, id)
    edits.turn(connection, [3], undo=True)
    edits.turn(connection, [2], undo=True)
    assert edits.entries(connection)[1] == 1
    paint(connection, 4, 4)
    assert ids_in(connection) == [1, 4]
    assert edits.next_id(connection) == 5
    kept = {row[0] for row in connection.execute("SELECT DISTINCT edit FROM edit_tiles")}
    assert kept == {1, 4}


def test_before_is_what_the_database_has_not_what_the_edit_says(connection):
    paint(connection, 1, 1)
    paint(connection, 2, 2)
    back = edits.turn(connection, [2], undo=True)
    assert back.tiles[0].before == noise(2)
    assert back.tiles[0].after == noise(1)
    assert edits.turn(connection, [2], undo=False).tiles[0].after == noise(2)


def test_undo_of_rows_runs_backwards(connection):
    row = class_row(LabelClass(1, "a", (1, 2, 3)))
    renamed = {**row, "name": "b"}
    edit = Edit(
        "both", rows=(RowChange("classes", 1, None, row), RowChange("classes", 1, row, renamed))
    )
    edits.commit(connection, 1, edit)
    assert connection.execute("SELECT name FROM classes").fetchone()[0] == "b"
    back = edits.turn(connection, [1], undo=True)
    assert [r.after for r in back.rows] == [row, None]
    assert connection.execute("SELECT COUNT(*) FROM classes").fetchone()[0] == 0


def test_an_id_is_used_once(connection):
    paint(connection, 1, 1)
    with pytest.raises(sqlite3.IntegrityError):
        paint(connection, 1, 2)


def test_the_line_of_time_names_the_pictures_of_each_edit(connection):
    tile = noise(0)
    changes = tuple(TileChange(image, Layer.MASK, (0, 0), None, tile) for image in (4, 7))
    edits.commit(connection, 1, Edit("both", changes))
    edits.commit(connection, 2, Edit("rows", rows=(RowChange("classes", 9, None, None),)))
    entries, done = edits.entries(connection)
    assert [(e.id, e.text, e.images) for e in entries] == [
        (1, "both", frozenset({4, 7})),
        (2, "rows", frozenset()),
    ]
    assert all(entry.edit is None for entry in entries)
    assert done == 2
