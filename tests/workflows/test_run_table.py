from dataclasses import asdict, replace

import pytest

from segstudio.errors import UserError
from segstudio.learning.settings import TrainSettings
from segstudio.store.project import Project
from segstudio.workflows import run_table
from segstudio.workflows.models import IN_USE
from segstudio.workflows.run_table import (
    Remarks,
    find_run,
    remove_runs,
    run_rows,
    tags_from,
    use_run,
    write_remarks,
)
from segstudio.workflows.runs import ended


def enter(project, status="done", model=True, **settings):
    """Enter a run as if it had been trained."""
    run = project.new_run("train", "fast_scnn", settings)
    folder = project.run_folder(run.id)
    if model:
        (folder / "model").mkdir(parents=True)
        (folder / "model" / "model.onnx").write_bytes(b"")
    project.save_run(replace(run, status=status)).result()
    return run.id


def test_a_row_says_what_a_run_did_otherwise(project):
    training = asdict(TrainSettings(network="fast_scnn", steps=77, class_weights=(1.0, 2.0)))
    training["class_weights"] = [1.0, 2.0]  # as JSON has it
    training["average"] = 0.99
    network = {"width": 0.5, "dropout": 0.0}
    enter(project, training=training, network=network, weights="../nets/a.pth")
    row = run_rows(project)[0]
    assert row.differs.items() >= {"steps": 77, "weights": "a.pth", "width": 0.5}.items()
    assert row.differs["class_weights"] == [1.0, 2.0]
    assert not {"network", "average", "crop", "loss"} & set(row.differs)
    words = run_table.in_words(row.differs)
    assert "steps 77" in words
    assert "class weights 1 2" in words
    assert "width 0.5" in words


def test_what_all_runs_share_does_not_tell_them_apart(project):
    one = enter(project, training={"steps": 9, "crop": 64, "class_weights": [1.0]})
    two = enter(project, training={"steps": 8, "crop": 64, "class_weights": (1.0,)})
    rows = run_rows(project)
    assert run_table.apart(rows) == {one: {"steps": 9}, two: {"steps": 8}}
    assert run_table.apart(rows[:1])[two]["crop"] == 64  # alone, it differs from the usual
    assert run_table.apart([]) == {}


def test_settings_of_parts_that_are_gone_are_shown_whole(project):
    run = project.new_run("train", "of_old", {"network": {"depth": 3}, "training": {"gone": True}})
    assert run_table.differing(run) == {"depth": 3, "gone": True}
    assert (
        run_table.in_words({"gone": True, "loss": "", "a": 1e-5}) == "gone on, loss none, a 1e-05"
    )


def test_rows_know_the_model_in_use_and_what_can_go_on(project):
    first, second = enter(project), enter(project, "cancelled", model=False)
    use_run(project, first)
    (project.run_folder(second)).mkdir(parents=True)
    (project.run_folder(second) / "checkpoint.pt").write_bytes(b"")
    newest, oldest = run_rows(project)
    assert (newest.run.id, newest.in_use, newest.resumable, newest.has_model) == (
        second, False, True, False,
    )  # fmt: skip
    assert (oldest.in_use, oldest.resumable, oldest.has_model) == (True, False, True)
    with pytest.raises(UserError, match="no model"):
        use_run(project, second)
    with pytest.raises(UserError, match="no run 99"):
        use_run(project, 99)
    assert project.fact(IN_USE) == str(first)


def test_notes_and_tags_stay_with_a_run(project):
    id = enter(project)
    assert run_rows(project)[0].remarks == Remarks()
    wanted = Remarks("blurred pictures left out – ß", ("good", "paper"))
    write_remarks(project, id, wanted)
    assert run_rows(project)[0].remarks == wanted
    (project.run_folder(id) / run_table.REMARKS).write_text("[]")
    assert run_rows(project)[0].remarks == Remarks()
    with pytest.raises(UserError, match="no run"):
        write_remarks(project, 50, wanted)
    with pytest.raises(UserError, match="characters"):
        write_remarks(project, id, Remarks("x" * 3000))
    assert tags_from(" good, ,paper,good ") == ("good", "paper")
    reader = Project.open(project.root, write=False)
    with pytest.raises(UserError, match="reading only"):
        write_remarks(reader, id, wanted)
    reader.close()


def test_a_deleted_run_leaves_nothing_and_the_newest_model_takes_its_place(project):
    ids = [enter(project) for _ in range(3)]
    use_run(project, ids[2])
    remove_runs(project, [ids[2]])
    assert project.fact(IN_USE) == str(ids[1])
    assert sorted(p.name for p in (project.root / "runs").iterdir()) == ["1", "2"]
    assert enter(project, model=False) == ids[2]  # its number is free: nothing old lies there
    assert not project.run_folder(ids[2]).exists()
    project.set_fact(IN_USE, "models/other.onnx").result()
    remove_runs(project, [1])
    assert project.fact(IN_USE) == "models/other.onnx"
    use_run(project, 2)
    remove_runs(project, [2, 3])
    assert project.runs() == []
    assert project.fact(IN_USE) == ""


def test_a_run_that_trains_is_not_deleted(project):
    done, running = enter(project), enter(project, "running")
    with pytest.raises(UserError, match="still training"):
        remove_runs(project, [done, running])
    assert len(project.runs()) == 2
    assert project.run_folder(done).exists()
    project.save_run(ended(find_run(project, running), "cancelled")).result()
    remove_runs(project, [running])
    assert [run.id for run in project.runs()] == [done]


def test_the_figures_of_a_real_run_stand_in_its_row(trained):
    (row,) = run_rows(trained)
    assert row.in_use
    assert row.has_model
    assert row.differs["steps"] == 4
    assert row.differs["width"] == 0.25
    assert row.run.metrics["seconds_an_image"] > 0
    assert row.interval is None  # one picture of val tells nothing
