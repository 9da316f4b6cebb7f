import sqlite3
import threading
from dataclasses import replace

import numpy as np
import pytest

from segstudio.domain import states
from segstudio.domain.classes import UNLABELLED, LabelClass
from segstudio.domain.edit import Edit, RowChange, TileChange
from segstudio.domain.geometry import Box
from segstudio.domain.records import Split, State
from segstudio.domain.tiles import TILE, Layer, Packed, Source
from segstudio.errors import UserError
from segstudio.gui.session import Session
from segstudio.store import edits
from segstudio.store.project import Project

WAIT = 20_000


def mask(session, layer=Layer.MASK):
    return session.read(layer, session.image.box)


def on_disk(session, id, layer=Layer.MASK):
    image = session.project.image(id)
    return session.project.layers(image)[layer].read(image.box)


def tile(value):
    return Packed(np.full((TILE, TILE), value, np.uint8))


def proposal(image, value, key=(0, 0)):
    return Edit("Predict", (TileChange(image, Layer.PROPOSAL, key, None, tile(value)),))


# -- painting ------------------------------------------------------------------------


def test_a_stroke_is_saved_and_named(qtbot, session, open_image, stroke):
    open_image(1)
    with qtbot.waitSignal(session.edit_saved, timeout=WAIT) as saved:
        id = stroke((250, 250), (300, 260))
    assert saved.args == [id]
    assert session.unsaved == 0
    assert mask(session)[255, 270] == 1
    assert mask(session, Layer.SOURCE)[255, 270] == Source.PERSON
    assert (on_disk(session, 1) == mask(session)).all()
    assert session.image.state == session.project.image(1).state == State.IN_WORK
    assert session.history.next_undo.text == "Brush"


def test_while_a_stroke_is_painted_its_boxes_are_told_and_its_pixels_seen(
    qtbot, session, open_image, stroke
):
    open_image(1)
    told = []
    session.layer_changed.connect(lambda layer, boxes: told.append((layer, boxes)))
    stroke((10, 10), (30, 10), diameter=4, finish=False)
    assert told == [(Layer.MASK, [Box(8, 8, 12, 32)])]
    assert session.tile(Layer.MASK, (0, 0))[10, 20] == 1
    assert len(session.layers.mask) == 0
    session.cancel_draft()
    assert session.tile(Layer.MASK, (0, 0)) is None
    assert told[-1] == (Layer.MASK, [Box(0, 0, 256, 256)])
    assert session.finish_draft("Brush") is None
    assert session.history.next_undo.text == "Add"
    assert session.unsaved == 0


def test_a_stroke_that_changes_nothing_is_no_edit(session, open_image, stroke, wait_saved):
    open_image(1)
    assert stroke((10, 10), (30, 10)) is not None
    assert stroke((10, 10), (30, 10)) is None
    wait_saved()
    assert len(session.history.entries) == 3


def test_a_locked_class_is_not_painted_over(session, open_image, stroke, wait_saved):
    open_image(1)
    stroke((100, 100), (200, 100), value=1)
    session.change_class(replace(session.class_of(1), locked=True))
    assert session.locked == {1}
    stroke((150, 50), (150, 150), value=2)
    stroke((190, 100), (195, 100), value=UNLABELLED)
    found = mask(session)
    assert found[100, 150] == 1
    assert found[60, 150] == 2
    assert found[100, 195] == 1
    wait_saved()
    assert (on_disk(session, 1) == found).all()


def test_a_reviewed_image_stays_reviewed_when_painted(session, open_image, stroke):
    open_image(1)
    session.set_image([1], "Mark reviewed", state=State.REVIEWED)
    stroke((100, 100), (200, 100))
    assert session.image.state == State.REVIEWED


def test_nothing_is_painted_without_an_image(session):
    assert not session.begin_draft()
    session.paint(Box(0, 0, 1, 1), np.ones((1, 1), bool), 1)
    assert session.finish_draft("Brush") is None
    with pytest.raises(UserError, match="no image is open"):
        session.read(Layer.MASK, Box(0, 0, 1, 1))


def test_a_project_open_for_reading_is_not_changed(qtbot, jobs, session):
    reader = Session(jobs)
    reader.open(Project.open(session.project.root, write=False))
    with qtbot.waitSignal(reader.image_opened, timeout=WAIT):
        reader.open_image(1)
    assert not reader.editable
    assert not reader.begin_draft()
    before = reader.history.next_undo
    reader.undo()
    assert reader.history.next_undo is before
    reader.close()


# -- undo and redo -------------------------------------------------------------------


def test_undo_and_redo_run_through_all_strokes(session, open_image, stroke, wait_saved):
    open_image(1)
    seen = [mask(session)]
    for x in (50, 250, 500):
        stroke((x, 60), (x + 30, 300), value=x % 3)
        seen.append(mask(session))
    for expected in reversed(seen[:-1]):
        session.undo()
        assert (mask(session) == expected).all()
    assert session.image.state == State.UNLABELLED
    for expected in seen[1:]:
        session.redo()
        assert (mask(session) == expected).all()
    session.redo()
    wait_saved()
    assert (on_disk(session, 1) == seen[-1]).all()
    assert session.project.image(1).state == State.IN_WORK


def test_undo_goes_on_after_a_restart(qtbot, jobs, session, open_image, stroke, wait_saved):
    open_image(1)
    stroke((50, 60), (300, 60))
    first = mask(session)
    stroke((50, 260), (300, 260), value=2)
    second = mask(session)
    root = session.project.root
    session.close()

    session.open(Project.open(root))
    open_image(1)
    assert (mask(session) == second).all()
    assert session.history.next_undo.edit is None
    session.undo()
    assert session.turning
    assert not session.editable
    assert not session.begin_draft()
    session.undo()  # waits its turn: it is not possible now
    wait_saved()
    assert (mask(session) == first).all()
    assert (on_disk(session, 1) == first).all()
    session.redo()
    wait_saved()
    assert (mask(session) == second).all()
    session.undo()
    wait_saved()
    session.undo()
    wait_saved()
    assert (mask(session) == UNLABELLED).all()
    assert session.image.state == State.UNLABELLED


def test_an_edit_dropped_from_memory_is_undone_from_disk(
    session, open_image, stroke, wait_saved, monkeypatch
):
    open_image(1)
    stroke((50, 60), (300, 60))
    stroke((50, 260), (300, 260), value=2)
    wait_saved()
    session.history.trim(0)
    assert [e.edit is None for e in session.history.entries[-2:]] == [True, False]
    session.undo()
    session.undo()
    wait_saved()
    assert (mask(session) == UNLABELLED).all()
    session.redo()
    session.redo()
    wait_saved()
    assert set(np.unique(mask(session)).tolist()) >= {1, UNLABELLED}


def test_undoing_a_stroke_on_another_image_opens_it(qtbot, session, open_image, stroke, wait_saved):
    open_image(1)
    stroke((50, 60), (90, 60))
    open_image(2)
    with qtbot.waitSignal(session.image_opened, timeout=WAIT):
        session.undo()
    wait_saved()
    assert session.image.id == 1
    assert (mask(session) == UNLABELLED).all()
    assert (on_disk(session, 1) == UNLABELLED).all()


def test_an_edit_of_many_images_is_undone_where_one_is(session, open_image, wait_saved):
    open_image(1)
    edits = [*proposal(1, 1).tiles, *proposal(2, 2).tiles]
    session.apply(Edit("Predict all", tuple(edits)))
    assert session.tile(Layer.PROPOSAL, (0, 0))[0, 0] == 1
    wait_saved()
    session.undo()
    wait_saved()
    assert session.image.id == 1
    assert len(session.layers.proposal) == 0
    assert (on_disk(session, 2, Layer.PROPOSAL) == UNLABELLED).all()
    session.redo()
    wait_saved()
    assert session.tile(Layer.PROPOSAL, (0, 0))[0, 0] == 1
    assert (on_disk(session, 2, Layer.PROPOSAL)[:, :TILE] == 2).all()


def test_there_is_no_undo_while_a_stroke_is_painted(session, open_image, stroke):
    open_image(1)
    stroke((50, 60), (90, 60))
    stroke((50, 160), (90, 160), finish=False)
    session.undo()
    assert mask(session)[60, 70] == 1
    session.finish_draft("Brush")
    session.undo()
    session.undo()
    assert (mask(session) == UNLABELLED).all()


def test_history_follows_what_the_disk_drops(session, open_image, stroke, wait_saved, monkeypatch):
    open_image(1)
    monkeypatch.setattr(edits.commit, "__defaults__", (1,))
    stroke((50, 60), (90, 60))
    stroke((50, 160), (90, 160))
    wait_saved()
    assert len(session.history.entries) == 1
    session.undo()
    assert session.history.next_undo is None
    wait_saved()
    assert mask(session)[60, 70] == 1


def test_what_was_undone_before_the_disk_has_no_room_for_it_stays(
    session, open_image, stroke, wait_saved, monkeypatch
):
    open_image(1)
    monkeypatch.setattr(edits.commit, "__defaults__", (1,))
    said = []
    session.said.connect(lambda *text: said.append(text))
    stroke((50, 60), (90, 60))
    stroke((50, 160), (90, 160))
    session.undo()
    session.undo()  # the disk is told nothing of it by the answer to the second stroke
    wait_saved()
    assert said == []
    assert (mask(session) == UNLABELLED).all()
    assert (on_disk(session, 1) == UNLABELLED).all()
    session.redo()
    session.redo()
    wait_saved()
    assert mask(session)[60, 70] == mask(session)[160, 70] == 1
    assert (on_disk(session, 1) == mask(session)).all()


# -- opening and closing images ------------------------------------------------------


def test_another_picture_that_gets_the_number_of_the_open_one_is_opened(
    qtbot, session, open_image, stroke, wait_idle
):
    open_image(2)
    stroke((50, 60), (90, 60))
    old = mask(session)
    row = session.images[2].row()
    session.apply(Edit("Remove", rows=(RowChange("images", 2, row, None),)))
    assert session.image is None
    other = {**row, "path": "other.png", "height": 90, "width": 70, "state": "unlabelled"}
    session.apply(Edit("Add", rows=(RowChange("images", 2, None, other),)))
    open_image(2)
    assert mask(session).shape == (90, 70)
    session.go_to(session.history.done - 2)
    wait_idle()
    assert session.image.path == row["path"]
    assert session.layers.box == session.image.box
    assert np.array_equal(mask(session), old)
    session.open_image(1)
    wait_idle()
    session.open_image(2)  # on its way when the next one takes its number
    session.go_to(session.history.done + 2)
    wait_idle()
    assert session.image.path == "other.png"
    assert session.layers.box == session.image.box


def test_turning_back_while_another_image_opens_stays(qtbot, session, open_image, wait_idle):
    open_image(1)
    opened = []
    session.image_opened.connect(lambda: opened.append(session.image.id))
    session.open_image(2)
    assert session.opening
    session.open_image(1)
    assert not session.opening
    wait_idle()
    assert session.image.id == 1
    assert opened == []


def test_the_last_image_asked_for_is_shown(session, open_image, wait_idle):
    opened = []
    session.image_opened.connect(lambda: opened.append(session.image.id))
    for id in (1, 2, 1, 2):
        session.open_image(id)
    wait_idle()
    assert opened == [2]
    session.open_image(99)
    assert not session.opening


def test_a_stroke_in_progress_is_kept_when_another_image_is_opened(
    session, open_image, stroke, wait_saved
):
    open_image(1)
    stroke((50, 60), (90, 60), finish=False)
    open_image(2)
    assert session.draft is None
    wait_saved()
    assert on_disk(session, 1)[60, 70] == 1


@pytest.mark.parametrize("saved_first", [False, True])
def test_what_comes_while_an_image_opens_is_not_lost(
    session, open_image, wait_saved, wait_idle, monkeypatch, saved_first
):
    """A prediction may end between the reading of an image and its being shown."""
    open_image(1)
    was_read, go, read = threading.Event(), threading.Event(), session.project.layers

    def layers(image):
        found = read(image)
        was_read.set()
        assert go.wait(10)
        return found

    monkeypatch.setattr(session.project, "layers", layers)
    session.open_image(2)
    assert was_read.wait(10)
    session.apply(proposal(2, 2))
    if saved_first:
        wait_saved()
    go.set()
    wait_idle()
    assert session.image.id == 2
    assert (session.tile(Layer.PROPOSAL, (0, 0)) == 2).all()


def test_an_image_that_cannot_be_read_is_told_and_opening_ends(
    qtbot, session, open_image, monkeypatch
):
    def refuse(image):
        raise UserError("the disk is gone", "put it back")

    monkeypatch.setattr(session.project, "layers", refuse)
    with qtbot.waitSignal(session.said, timeout=WAIT) as said:
        session.open_image(1)
    assert said.args == ["the disk is gone", "put it back"]
    assert not session.opening


def test_removing_the_open_image_closes_it(qtbot, session, open_image, wait_saved):
    open_image(2)
    gone = []
    session.images_changed.connect(gone.append)
    with qtbot.waitSignal(session.image_closed, timeout=WAIT):
        session.apply(Edit("Remove", rows=(RowChange("images", 2, session.images[2].row(), None),)))
    assert gone == [[2]]
    assert session.image is None
    assert session.layers is None
    session.undo()
    wait_saved()
    assert 2 in session.images
    assert [i.id for i in session.project.images()] == [1, 2]


def test_what_jobs_bring_after_closing_reaches_no_other_project(
    qtbot, jobs, session, tmp_path, wait_idle
):
    go = threading.Event()
    job = jobs.start("Predicting", lambda job: go.wait(10) and proposal(1, 2))
    job.succeeded.connect(session.apply)
    other = Project.create(tmp_path / "other", [LabelClass(0, "a", (0, 0, 0))])
    session.open(other)
    go.set()
    wait_idle()
    assert other.history() == ([], 0)


# -- rows ----------------------------------------------------------------------------


def test_an_undo_that_ends_after_closing_reaches_no_other_project(
    qtbot, session, open_image, stroke, wait_saved, tmp_path
):
    open_image(1)
    stroke((10, 10), (30, 10))
    wait_saved()
    open_image(2)
    other = Project.create(tmp_path / "other", session.classes)
    record = replace(session.images[1], path="../other.png", name="other.png")
    other.apply(Edit("Add", rows=(RowChange("images", 1, None, record.row()),)))
    session.undo()
    assert session.turning
    session.open(other)
    assert not session.turning
    qtbot.wait(50)
    assert session.images[1].name == "other.png"
    assert session.unsaved == 0
    assert session.image is None


def test_tiles_of_an_image_that_is_gone_are_left_out(session, wait_saved):
    while session.history.next_undo is not None:
        session.undo()
        wait_saved()
    assert not session.images
    assert session.apply(proposal(1, 2)) is None
    wait_saved()
    assert session.history.next_redo is not None


def test_values_that_changed_since_an_edit_was_planned_stand(session, wait_saved):
    planned = states.changed(session.images[1], State.PROPOSED, Split.VAL)
    session.set_image([1], "Mark reviewed", state=State.REVIEWED)
    session.apply(Edit("Predict", rows=(planned,)))
    assert session.images[1].state == State.REVIEWED
    assert session.images[1].split == Split.VAL
    wait_saved()
    assert session.project.image(1) == session.images[1]
    session.undo()
    assert session.images[1].state == State.REVIEWED
    assert session.images[1].split == Split.POOL


def test_an_edit_of_which_nothing_is_left_is_none(session, wait_saved):
    planned = states.changed(session.images[1], State.PROPOSED)
    session.set_image([1], "Mark reviewed", state=State.REVIEWED)
    before = len(session.history.entries)
    assert session.apply(Edit("Predict", rows=(planned,))) is None
    assert len(session.history.entries) == before
    assert session.apply(Edit("Nothing")) is None
    wait_saved()


def test_a_row_of_an_image_that_is_gone_is_left_out(session):
    planned = states.changed(session.images[2], State.PROPOSED)
    session.apply(Edit("Remove", rows=(RowChange("images", 2, session.images[2].row(), None),)))
    assert session.apply(Edit("Predict", rows=(planned,))) is None
    assert 2 not in session.images


def test_an_edit_planned_against_old_tiles_is_undone_to_what_was_there(
    session, open_image, stroke, wait_saved
):
    open_image(1)
    late = Edit("Import", (TileChange(1, Layer.MASK, (0, 0), None, tile(2)),))
    stroke((50, 60), (90, 60))
    painted = mask(session)
    session.apply(late)
    assert (mask(session)[:256, :256] == 2).all()
    session.undo()
    assert (mask(session) == painted).all()
    wait_saved()
    assert (on_disk(session, 1) == painted).all()


def test_classes_are_added_and_changed_and_undone(qtbot, session, wait_saved):
    with qtbot.waitSignal(session.classes_changed, timeout=WAIT):
        session.change_class(LabelClass(3, "banner", (1, 2, 3), position=-1))
    assert [c.id for c in session.classes] == [3, 0, 1, 2]
    assert session.history.next_undo.text == "Add class banner"
    session.change_class(replace(session.class_of(3), name="poster"))
    assert session.history.next_undo.text == "Change class poster"
    before = len(session.history.entries)
    session.change_class(session.class_of(3))
    assert len(session.history.entries) == before
    with pytest.raises(UserError, match="two classes"):
        session.change_class(replace(session.class_of(3), name="SIGN"))
    session.undo()
    assert session.class_of(3).name == "banner"
    session.undo()
    assert session.class_of(3) is None
    wait_saved()
    assert session.project.classes() == session.classes


# -- saving --------------------------------------------------------------------------


def refuse(session, on=True):
    """Let the disk be full, or give it room again."""
    writer = session.project.writer
    with writer._swap:
        count = writer._connection.execute("PRAGMA page_count").fetchone()[0] if on else 1 << 30
        writer._connection.execute(f"PRAGMA max_page_count = {count}")
    if not on:
        writer.retry()


def noisy(session, seed, image=1):
    """A change that needs room on the disk."""
    ids = np.random.default_rng(seed).integers(0, 3, (TILE, TILE), dtype=np.uint8)
    change = TileChange(image, Layer.MASK, (0, 0), session.layers.mask.get((0, 0)), Packed(ids))
    return Edit("Noise", (change,))


def test_a_full_disk_is_told_and_nothing_is_lost(qtbot, session, open_image, stroke, wait_saved):
    open_image(1)
    session.project.writer.patience = 600
    refuse(session)
    with qtbot.waitSignal(session.save_failed, timeout=WAIT) as failed:
        session.apply(noisy(session, 1))
    assert "cannot be saved" in failed.args[0]
    assert "nothing is lost" in failed.args[1]
    stroke((300, 300), (400, 300))
    expected = mask(session)

    open_image(2)
    stroke((50, 50), (90, 50), value=2)
    open_image(1)
    assert (mask(session) == expected).all()
    stroke((10, 10), (60, 60), value=2)
    expected = mask(session)
    assert session.unsaved == 4

    refuse(session, on=False)
    wait_saved()
    assert (on_disk(session, 1) == expected).all()
    assert on_disk(session, 2)[50, 70] == 2
    for _ in range(4):
        session.undo()
        wait_saved()
    assert (on_disk(session, 1) == UNLABELLED).all()


def test_a_change_that_the_store_rejects_is_told(qtbot, session, monkeypatch, caplog):
    def broken(connection, id, edit):
        raise sqlite3.IntegrityError("no")

    monkeypatch.setattr(edits, "commit", broken)
    with qtbot.waitSignal(session.said, timeout=WAIT) as said:
        session.set_image([1], "Mark", state=State.REVIEWED)
    assert "something went wrong" in said.args[0]
    assert session.unsaved == 0


def test_closing_saves_what_is_still_under_way(session, open_image, stroke):
    open_image(1)
    for x in range(50, 650, 40):
        stroke((x, 60), (x, 300))
    expected, root = mask(session), session.project.root
    session.close()
    project = Project.open(root, write=False)
    image = project.image(1)
    assert (project.layers(image).mask.read(image.box) == expected).all()
    project.close()


# -- staged edits --------------------------------------------------------------------


def staged(session, text="Batch", layer=Layer.PROPOSAL, value=1, images=(1, 2)):
    stage = session.project.stage()
    stage.put(TileChange(image, layer, (0, 0), None, tile(value)) for image in images)
    return stage.edit(text)


def hold_the_disk(session):
    """Keep the store's thread busy; return what lets it go on."""
    gate = threading.Event()
    session.project.change(lambda connection: gate.wait(20))
    return gate


def texts(session, begin):
    return [entry.text for entry in session.history.entries[begin:]]


def settled(qtbot, session):
    qtbot.waitUntil(lambda: session.unsaved == 0 and not session.turning, timeout=WAIT)


def test_a_staged_edit_shows_in_the_open_image_and_is_one_item(qtbot, session, open_image):
    open_image(1)
    before = len(session.history.entries)
    told = []
    session.layer_changed.connect(lambda layer, boxes: told.append(layer))
    session.apply(staged(session))
    assert session.turning
    assert session.editable  # strokes go on: it brings a proposal only
    settled(qtbot, session)
    assert told == [Layer.PROPOSAL]
    assert (mask(session, Layer.PROPOSAL)[:256, :256] == 1).all()
    assert (on_disk(session, 2, Layer.PROPOSAL)[:256, :256] == 1).all()
    assert len(session.history.entries) == before + 1
    session.undo()
    settled(qtbot, session)
    assert not len(session.layers.proposal)
    assert (on_disk(session, 2, Layer.PROPOSAL) == UNLABELLED).all()
    session.redo()
    settled(qtbot, session)
    assert (mask(session, Layer.PROPOSAL) == on_disk(session, 1, Layer.PROPOSAL)).all()


def test_while_masks_come_from_the_disk_nobody_paints(qtbot, session, open_image, stroke):
    open_image(1)
    edit = staged(session, layer=Layer.MASK)
    gate = hold_the_disk(session)
    session.apply(edit)
    assert not session.begin_draft()
    session.set_image([1], "Mark reviewed", state=State.REVIEWED)
    assert texts(session, 2) == ["Batch"]  # the other waits
    gate.set()
    settled(qtbot, session)
    assert texts(session, 2) == ["Batch", "Mark reviewed"]
    assert (mask(session) == on_disk(session, 1)).all()
    assert stroke((10, 10), (20, 20))


def test_a_staged_edit_waits_for_the_end_of_a_stroke(qtbot, session, open_image):
    open_image(1)
    assert session.begin_draft()
    box = Box(0, 0, 8, 8)
    session.paint(box, np.ones(box.shape, bool), 2)
    assert session.apply(staged(session, layer=Layer.MASK)) is None
    assert not texts(session, 2)
    assert session.finish_draft("Brush")
    settled(qtbot, session)
    assert texts(session, 2) == ["Brush", "Batch"]
    assert (mask(session)[:256, :256] == 1).all()
    assert (mask(session) == on_disk(session, 1)).all()
    session.undo()
    settled(qtbot, session)
    assert (mask(session)[:8, :8] == 2).all()
    assert (mask(session) == on_disk(session, 1)).all()


def test_proposals_that_come_meanwhile_keep_their_order(qtbot, session, open_image):
    open_image(1)
    first, second = staged(session, value=1), staged(session, "Second", value=0)
    gate = hold_the_disk(session)
    session.apply(first)
    assert session.apply(proposal(1, 2)) is None
    assert session.apply(second) is None
    gate.set()
    settled(qtbot, session)
    assert texts(session, 2) == ["Batch", "Predict", "Second"]
    assert (mask(session, Layer.PROPOSAL)[:256, :256] == 0).all()
    assert (mask(session, Layer.PROPOSAL) == on_disk(session, 1, Layer.PROPOSAL)).all()


def test_an_image_that_is_opened_while_the_disk_is_behind_has_all_of_it(
    qtbot, session, open_image, wait_idle
):
    open_image(1)
    edit = staged(session)
    gate = hold_the_disk(session)
    session.apply(edit)
    session.open_image(2)
    gate.set()
    wait_idle()
    settled(qtbot, session)
    assert session.image.id == 2
    assert (mask(session, Layer.PROPOSAL)[:256, :256] == 1).all()


def test_an_image_that_the_disk_is_to_change_is_opened_when_it_has(
    qtbot, session, open_image, wait_idle, monkeypatch
):
    open_image(1)
    session.apply(proposal(2, 1))
    wait_idle()

    def refuse_turns(*_):
        raise sqlite3.OperationalError("database or disk is full")

    session.project.writer.patience = 0.02
    with monkeypatch.context() as full:
        full.setattr(edits, "turn", refuse_turns)
        session.undo()
        qtbot.waitUntil(lambda: session.project.writer.stalled is not None, timeout=WAIT)
        session.open_image(2)
        qtbot.wait(150)
        assert session.opening
        assert session.image.id == 1
    wait_idle()
    assert session.image.id == 2
    assert (mask(session, Layer.PROPOSAL) == UNLABELLED).all()
    session.redo()
    wait_idle()
    assert (mask(session, Layer.PROPOSAL)[:200, :256] == 1).all()


# -- points in time ------------------------------------------------------------------


def test_one_goes_to_any_point_in_time_in_one_step(qtbot, session, open_image, stroke):
    open_image(1)
    seen = [mask(session)]
    for n in range(5):
        stroke((10 + 40 * n, 10), (30 + 40 * n, 60))
        seen.append(mask(session))
    label = session.class_of(1)
    session.change_class(replace(label, name="other"))
    settled(qtbot, session)
    for done in (2, 6, 0, 5, 3):
        session.go_to(2 + done)
        settled(qtbot, session)
        assert session.history.done == 2 + done
        assert (mask(session) == seen[min(done, 5)]).all()
        assert (mask(session) == on_disk(session, 1)).all()
        assert session.class_of(1).name == ("other" if done > 5 else label.name)
        assert session.project.classes() == session.classes
    session.go_to(99)
    settled(qtbot, session)
    assert session.history.done == 8


def test_nobody_goes_back_in_time_amid_a_stroke(session, open_image, stroke):
    open_image(1)
    stroke((10, 10), (30, 30))
    assert session.begin_draft()
    session.go_to(2)
    assert session.history.done == 3
