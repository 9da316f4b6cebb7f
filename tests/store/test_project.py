import os
import sqlite3
import stat
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from segstudio.domain import states
from segstudio.domain.classes import UNLABELLED, LabelClass
from segstudio.domain.edit import Edit, RowChange
from segstudio.domain.geometry import Box
from segstudio.domain.records import QueueItem, RunRecord, State
from segstudio.domain.tiles import Layer
from segstudio.errors import UserError
from segstudio.store import regions
from segstudio.store.project import Project, find, stored_path

NOBODY = 65534


@contextmanager
def without_rights(root):
    """Take away the right to write in a folder, from root too."""
    modes = {path: path.stat().st_mode for path in [root, *root.rglob("*")]}
    for path, mode in modes.items():
        path.chmod(mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))
    was = os.geteuid()
    if was == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if was == 0:
            os.seteuid(was)
        for path, mode in modes.items():
            path.chmod(mode)


@pytest.fixture
def public():
    """A folder that everyone may look into."""
    with tempfile.TemporaryDirectory(prefix="segstudio-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


# -- making and finding --------------------------------------------------------------


def test_a_new_project_has_its_folders_and_classes(tmp_path):
    classes = [LabelClass(0, "wall", (1, 2, 3)), LabelClass(4, "sign", (4, 5, 6), position=1)]
    project = Project.create(tmp_path / "walls", classes)
    assert project.root == tmp_path / "walls.segstudio"
    assert {"project.db", "masks", "runs"} <= set(os.listdir(project.root))
    assert project.classes() == classes
    assert project.images() == []
    assert project.history() == ([], 0)
    project.close()
    again = Project.create(tmp_path / "other.segstudio")
    assert again.root == tmp_path / "other.segstudio"
    again.close()


def test_an_existing_folder_is_not_touched(project):
    with pytest.raises(UserError, match="exists already"):
        Project.create(project.root)
    assert len(project.classes()) == 3


def test_classes_that_clash_are_refused_before_anything_is_written(tmp_path):
    twice = [LabelClass(0, "a", (0, 0, 0)), LabelClass(1, "A", (0, 0, 0))]
    with pytest.raises(UserError, match="two classes"):
        Project.create(tmp_path / "walls", twice)
    assert list(tmp_path.iterdir()) == []


def test_a_project_is_found_by_its_name_its_folder_and_what_lies_inside(project):
    root = project.root
    for path in (root, root / "masks" / "a.png", root / "project.db", root.with_suffix("")):
        assert find(path) == root
    assert find(root.parent) is None
    assert find(Path(root.anchor)) is None


def test_where_there_is_no_project_it_says_so(tmp_path):
    with pytest.raises(UserError, match="there is no project"):
        Project.open(tmp_path)


def test_paths_are_relative_to_the_project(tmp_path):
    root = tmp_path / "walls.segstudio"
    assert stored_path(root, tmp_path / "pictures" / "a.jpg") == "../pictures/a.jpg"
    assert stored_path(root, root / "in" / "a.jpg") == "in/a.jpg"


def test_a_picture_is_expected_where_its_path_leads(project, tmp_path):
    assert project.path_of(project.image(1)) == tmp_path / "a.jpg"
    with pytest.raises(UserError, match="no picture number 9"):
        project.image(9)


# -- one writer ----------------------------------------------------------------------


def test_a_second_writer_is_refused_and_a_reader_is_not(project, stroke):
    with pytest.raises(UserError, match="is open in another window or command"):
        Project.open(project.root)
    reader = Project.open(project.root, write=False)
    assert not reader.writable
    project.apply(stroke(project, 1, (10, 10), (200, 10)))
    assert reader.shares(1) == project.shares(1) != {}
    with pytest.raises(UserError, match="for reading only"):
        reader.apply(Edit("no", rows=(RowChange("classes", 1, None, None),)))
    reader.close()


def test_another_process_is_refused_until_the_writer_closes(project):
    script = (
        "import sys; from pathlib import Path\n"
        "from segstudio.store.project import Project\n"
        "from segstudio.errors import UserError\n"
        "try: Project.open(Path(sys.argv[1])).close()\n"
        "except UserError as error: sys.exit(error.message)\n"
    )
    command = [sys.executable, "-c", script, str(project.root)]
    refused = subprocess.run(command, capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert refused.stderr.strip() == "walls.segstudio is open in another window or command"
    project.close()
    assert subprocess.run(command, check=False).returncode == 0


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="rights are given otherwise here")
def test_a_read_only_folder_opens_for_reading_only(public, stroke):
    project = Project.create(public / "walls", [LabelClass(0, "wall", (1, 2, 3))])
    root = project.root
    project.close()
    with without_rights(root):
        with pytest.raises(UserError, match="cannot be written to") as refusal:
            Project.open(root)
        assert refusal.value.hint == "it can be opened for reading"
        reader = Project.open(root, write=False)
        assert reader.classes()[0].name == "wall"
        reader.close()
        with pytest.raises(UserError, match="cannot be made"):
            Project.create(root / "inner")


@pytest.mark.parametrize("content", [b"not a database at all, but long enough" * 20, b"SQLite"])
def test_a_broken_database_is_named(project, content):
    root = project.root
    project.close()
    for path in root.glob("project.db*"):
        path.unlink()
    (root / "project.db").write_bytes(content)
    with pytest.raises(UserError, match="cannot be read"):
        Project.open(root)
    (root / "project.db").unlink()
    assert find(root) is None


# -- what it holds -------------------------------------------------------------------


def test_layers_are_read_as_they_were_committed(project, stroke):
    image = project.image(1)
    edit = stroke(project, 1, (250, 250), (270, 260))
    project.apply(edit)
    layers = project.layers(image)
    assert set(layers.mask) == set(layers.source) == {(0, 0), (0, 1), (1, 0), (1, 1)}
    for change in edit.tiles:
        assert layers[change.layer].get(change.key) == change.after
    assert len(project.layers(project.image(2)).mask) == 0


def test_shares_are_counted_by_picture_and_together(project, stroke):
    project.apply(stroke(project, 1, (50, 50), (90, 50), 10, 1))
    project.apply(stroke(project, 2, (50, 50), (50, 50), 10, 2))
    project.apply(stroke(project, 1, (70, 50), (90, 50), 10, UNLABELLED))
    whole = {}
    for image in project.images():
        ids = project.layers(image).mask.read(image.box)
        counts = {v: int((ids == v).sum()) for v in np.unique(ids).tolist() if v != UNLABELLED}
        assert project.shares(image.id) == counts
        whole |= counts
    assert project.shares() == whole
    assert [image.id for image in project.labelled()] == [1, 2]


def test_a_picture_erased_altogether_is_not_labelled(project, stroke):
    project.apply(stroke(project, 1, (50, 50), (90, 50)))
    project.apply(stroke(project, 1, (50, 50), (90, 50), 100, UNLABELLED))
    assert project.labelled() == []
    assert project.shares() == {}


def test_a_changed_mask_makes_its_mirror_stale(project, stroke):
    assert project.stale() == []
    project.apply(stroke(project, 2, (5, 5), (5, 5)))
    project.apply(stroke(project, 1, (5, 5), (5, 5)))
    assert project.stale() == [1, 2]
    project.freshened({1: project.mask_mark(1)}).result()
    assert project.stale() == [2]
    entries, _ = project.history()
    project.turn([entries[-1].id], undo=True).result()
    assert project.stale() == [1, 2]


def test_a_proposal_makes_nothing_stale(project):
    from segstudio.domain.edit import TileChange
    from segstudio.domain.tiles import Packed

    tile = Packed(np.ones((256, 256), np.uint8))
    project.apply(Edit("Propose", (TileChange(1, Layer.PROPOSAL, (0, 0), None, tile),)))
    assert project.stale() == []
    assert project.shares() == {}
    assert len(project.layers(project.image(1)).proposal) == 1


def test_rows_come_back_as_they_went_in(project):
    image = project.image(1)
    row = {**image.row(), "state": "reviewed", "georef": {"crs": "EPSG:1"}, "nodata": 0.5}
    label = LabelClass(7, "Zürich ✓", (9, 8, 7), visible=False, locked=True, position=-1)
    from segstudio.domain.records import class_row

    project.apply(
        Edit(
            "Rows",
            rows=(
                RowChange("images", 1, image.row(), row),
                RowChange("classes", 7, None, class_row(label)),
                RowChange("images", 2, project.image(2).row(), None),
            ),
        )
    )
    assert [i.id for i in project.images()] == [1]
    changed = project.image(1)
    assert changed.state is State.REVIEWED
    assert (changed.georef, changed.nodata) == ({"crs": "EPSG:1"}, 0.5)
    assert project.classes()[0] == label


def test_runs_scores_queue_facts_and_thumbnails(project):
    run = project.new_run("train", "fast_scnn", {"steps": 3})
    second = project.new_run("train", "ddrnet23_slim", {})
    assert (run.id, second.id, run.status) == (1, 2, "running")
    done = RunRecord(1, "train", "fast_scnn", "done", run.started, 5.0, {"steps": 3}, {"miou": 0.5})
    project.save_run(done).result()
    assert project.runs() == [second, done]
    assert project.run_folder(2) == project.root / "runs" / "2"

    items = [
        QueueItem(2, 0.9, "mean_entropy", None, "why"),
        QueueItem(1, 0.2, "mean_entropy", Box(1, 2, 3, 4), "", 3, True),
    ]
    project.set_queue([QueueItem(1, 1.0, "random")]).result()
    project.set_queue(items).result()
    assert project.queue() == items

    project.set_scores("m", "s", {1: 0.25, 2: 0.5}).result()
    project.set_scores("m", "s", {2: 0.75}).result()
    assert project.scores("m", "s") == {1: 0.25, 2: 0.75}
    assert project.scores("other", "s") == {}

    assert project.fact("model") == ""
    assert project.fact("model", "none") == "none"
    project.set_fact("model", "1").result()
    project.set_fact("model", "2").result()
    assert project.fact("model") == "2"

    assert project.thumbnail(1) is None
    project.set_thumbnail(1, b"jpeg").result()
    assert project.thumbnail(1) == b"jpeg"


def test_many_threads_may_read_while_one_writes(project, stroke):
    edits = [stroke(project, 1, (x, 20), (x, 60), 9, x % 3) for x in range(10, 500, 20)]

    def read(_):
        return sum(project.shares().values()), len(project.layers(project.image(1)).mask)

    with ThreadPoolExecutor(3) as pool:
        futures = [project.commit(100 + n, edit) for n, edit in enumerate(edits)]
        found = list(pool.map(read, range(30)))
    assert all(f.result().id == 100 + n for n, f in enumerate(futures))
    assert found[-1][0] <= read(0)[0]
    assert len(project.history()[0]) == len(edits) + 1


def test_a_picture_that_is_gone_leaves_nothing_to_the_next_of_its_number(project):
    first, second = project.images()[:2]
    for id in (first.id, second.id):
        project.set_thumbnail(id, b"small").result()
    project.set_scores("model", "doubt", {first.id: 0.5, second.id: 0.25}).result()
    project.set_queue([QueueItem(second.id, 0.5, "doubt"), QueueItem(first.id, 0.25, "doubt")])
    regions.keep_tables(project, "model", 128, {first.id: b"1", second.id: b"2"})
    regions.pass_over(project, second.id, None)
    project.apply(Edit("Remove", rows=(RowChange("images", second.id, second.row(), None),)))
    assert project.thumbnail(second.id) is None
    assert project.thumbnail(first.id) == b"small"
    assert project.scores("model", "doubt") == {first.id: 0.5}
    assert [item.image for item in project.queue()] == [first.id]
    assert regions.tables_of(project, "model", 128) == {first.id: b"1"}
    assert regions.passed(project) == {}


# -- going on elsewhere --------------------------------------------------------------


def test_a_saved_copy_carries_everything_over_and_the_project_goes_on_there(
    project, stroke, tmp_path
):
    old = project.root
    (old / "masks" / "a.png").write_bytes(b"mirror")
    (old / "runs" / "1" / "model").mkdir(parents=True)
    (old / "runs" / "1" / "model" / "model.onnx").write_bytes(b"weights")
    project.set_fact("model", "1").result()
    project.apply(stroke(project, 1, (20, 20), (90, 20)))
    shares, history = project.shares(), [e.id for e in project.history()[0]]

    project.save_copy(tmp_path / "away" / "copy")
    new = tmp_path / "away" / "copy.segstudio"
    assert project.root == new
    assert project.shares() == shares
    assert [e.id for e in project.history()[0]] == history
    assert project.fact("model") == "1"
    assert (project.run_folder(1) / "model" / "model.onnx").read_bytes() == b"weights"
    assert (new / "masks" / "a.png").read_bytes() == b"mirror"
    assert project.path_of(project.image(1)) == tmp_path / "a.jpg"

    project.apply(stroke(project, 2, (20, 20), (90, 20)))
    former = Project.open(old)
    assert former.shares() == shares
    former.close()
    with pytest.raises(UserError, match="another window"):
        Project.open(new)


def test_no_change_falls_between_the_old_folder_and_the_new(project, stroke, tmp_path):
    image = project.image(1)
    futures = []
    with ThreadPoolExecutor(1) as pool:
        edits = [stroke(project, 1, (x, 20), (x, 60), 9, 1) for x in range(10, 500, 5)]
        futures = [project.commit(100 + n, edit) for n, edit in enumerate(edits[:50])]
        moving = pool.submit(project.save_copy, tmp_path / "copy")
        futures += [project.commit(150 + n, edit) for n, edit in enumerate(edits[50:])]
        moving.result()
    for future in futures:
        future.result()
    assert [e.id for e in project.history()[0]][1:] == list(range(100, 100 + len(edits)))
    project.turn([100 + len(edits) - 1], undo=True).result()
    assert len(project.layers(image).mask) > 0


def test_a_change_that_was_planned_before_the_copy_keeps_its_paths(project, tmp_path):
    image = project.images()[0]
    planned = states.changed(image, state=State.REVIEWED)
    (tmp_path / "far" / "away").mkdir(parents=True)
    project.save_copy(tmp_path / "far" / "away" / "copy")
    moved = project.image(image.id).path
    assert moved != image.path
    project.apply(Edit("Mark reviewed", rows=(planned,)))
    assert project.image(image.id).path == moved
    assert project.image(image.id).state == State.REVIEWED
    project.turn([project.history()[0][-1].id], undo=True).result()
    assert project.image(image.id).path == moved
    assert project.image(image.id).state == image.state


def test_a_copy_never_overwrites(project, tmp_path):
    (tmp_path / "there.segstudio").mkdir()
    with pytest.raises(UserError, match="exists already"):
        project.save_copy(tmp_path / "there")
    assert project.root == tmp_path / "walls.segstudio"
    project.set_fact("still", "here").result()


def test_a_disk_that_refuses_leaves_no_half_made_project(tmp_path, monkeypatch):
    def full(connection):
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr("segstudio.store.schema.migrate", full)
    with pytest.raises(UserError, match="disk I/O error"):
        Project.create(tmp_path / "full")
    assert list(tmp_path.iterdir()) == []
