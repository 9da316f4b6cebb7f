import errno
import json
from dataclasses import replace

import pytest

from segstudio.domain.records import Split
from segstudio.domain.task import Cancelled, Quiet
from segstudio.errors import UserError
from segstudio.inference.model import Model
from segstudio.learning.dataset import Cache
from segstudio.workflows import train as module
from segstudio.workflows.beginnings import choice_again
from segstudio.workflows.choice import choose
from segstudio.workflows.models import IN_USE
from segstudio.workflows.replacing import Former
from segstudio.workflows.runs import RunFolder, lines_of, settle_interrupted
from segstudio.workflows.train import resumable, train


@pytest.fixture
def choice(tiny):
    return choose("quick", None, tiny)


def test_a_run_leaves_all_that_is_needed(project, choice):
    heard = []
    report = train(project, choice, Quiet(), heard.append)
    folder = project.run_folder(report.run)
    assert report.bundle == folder / "model"
    assert report.steps == 4
    assert sorted(p.name for p in folder.iterdir()) == [
        "log.jsonl", "metrics.json", "model", "samples.npz", "settings.json",
    ]  # fmt: skip
    lines = lines_of(folder / "log.jsonl")
    assert [line["step"] for line in lines if "loss" in line] == [1, 2, 3, 4]
    assert [line["step"] for line in lines] == [entry["step"] for entry in heard]
    assert [line["untrained"]["chance"] for line in lines if "untrained" in line] == [
        pytest.approx(1.0986, abs=1e-3)
    ]
    metrics = json.loads((folder / "metrics.json").read_text())
    assert metrics["miou"] == report.miou
    assert metrics["split"] == "val"
    assert (metrics["batch"], metrics["device"]) == (2, "cpu")
    assert not report.indicative
    (run,) = project.runs()
    assert (run.status, run.metrics["miou"]) == ("done", report.miou)
    assert project.fact(IN_USE) == str(run.id)
    card = Model.open(report.bundle, 1).card
    assert [label.name for label in card.classes] == ["ground", "box", "disc"]
    assert card.parameters == report.parameters


def test_without_val_some_labels_are_held_back_and_the_figure_is_indicative(project, choice):
    from segstudio.domain import states
    from segstudio.domain.edit import Edit

    rows = [states.changed(image, split=Split.POOL) for image in project.images()]
    project.apply(Edit("Split", rows=tuple(row for row in rows if row)))
    report = train(project, choice, Quiet())
    assert report.indicative
    assert report.miou is not None
    assert project.runs()[0].metrics["split"] == "held back"


def test_a_training_that_fails_leaves_the_former_model_in_use(trained, choice):

    def explode(entry):
        raise UserError("the loss is no longer a number after 1 steps", "lower the learning rate")

    with pytest.raises(UserError, match="no longer a number"):
        train(trained, choice, Quiet(), explode)
    failed, done = trained.runs()
    assert (failed.status, done.status) == ("failed", "done")
    assert "number" in failed.note
    assert trained.fact(IN_USE) == str(done.id)


def test_a_training_that_must_stop_leaves_the_best_model_it_had_and_the_former_one_in_use(
    trained, choice
):
    def explode(entry):
        if entry["step"] == 3:
            raise UserError("the loss is no longer a number after 3 steps", "lower the rate")

    with pytest.raises(UserError, match="no longer a number after 3") as stopped:
        train(trained, choice, Quiet(), explode)
    assert stopped.value.hint == "lower the rate"
    failed, done = trained.runs()
    assert (failed.status, trained.fact(IN_USE)) == ("failed", str(done.id))
    assert (failed.metrics["steps"], failed.metrics["best_step"]) == (3, 2)
    assert "no longer a number after 3" in failed.note
    folder = trained.run_folder(failed.id)
    assert json.loads((folder / "metrics.json").read_text())["miou"] == failed.metrics["miou"]
    assert Model.open(folder / "model", 1).card.parameters == failed.metrics["parameters"]


def test_a_disk_that_is_full_costs_the_log_and_not_the_run(project, choice, monkeypatch):
    def full(self, entry):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(RunFolder, "log", full)
    heard = []
    report = train(project, choice, Quiet(), heard.append)
    assert report.steps == 4
    warned = [entry["warning"] for entry in heard if "warning" in entry]
    assert warned == ["the log could not be written (No space left on device); the run goes on"]
    assert [entry["step"] for entry in heard if "loss" in entry] == [1, 2, 3, 4]


def test_where_the_model_cannot_be_written_the_run_can_be_ended_later(trained, choice, monkeypatch):
    def full(*args, **more):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("segstudio.learning.export.export", full)
        with pytest.raises(UserError, match="No space left") as e:
            train(trained, choice, Quiet())
    failed, done = trained.runs()
    assert f"--resume {failed.id}" in e.value.hint
    assert (failed.status, trained.fact(IN_USE)) == ("failed", str(done.id))
    heard = []
    report = train(trained, choice, Quiet(), heard.append, resume=failed.id)
    assert (report.run, report.steps) == (failed.id, 4)
    assert heard == []  # it was at its end: only the model is written
    assert trained.fact(IN_USE) == str(failed.id)


def test_a_picture_deleted_meanwhile_is_named_and_what_was_learned_is_kept(
    shapes, project, tiny, monkeypatch
):
    # Nothing is kept in memory, as it would be with many and large pictures.
    monkeypatch.setattr(Cache.__init__, "__defaults__", (1,))
    monkeypatch.setattr("segstudio.workflows.shelf.BUDGET", 1)

    def delete(entry):
        if entry["step"] == 4:
            (shapes / "pictures" / "p2.png").unlink(missing_ok=True)

    choice = choose("quick", None, tiny | {"steps": 60, "evaluations": 30})
    with pytest.raises(UserError, match=r"p2\.png"):
        train(project, choice, Quiet(), delete)
    (run,) = project.runs()
    assert run.status == "failed"
    assert "p2.png" in run.note
    assert run.metrics["best_step"] >= 2
    assert (project.run_folder(run.id) / "model" / "model.onnx").is_file()
    assert not project.fact(IN_USE)


class Stopping(Quiet):
    """Cancels a training after its third step."""

    def report(self, done, total, text):
        if text == "Training" and done == 3:
            raise Cancelled


def test_a_cancelled_run_can_be_resumed_and_gives_the_same_curve(trained, choice):
    with pytest.raises(Cancelled):
        train(trained, choice, Stopping())
    cut = trained.runs()[0]
    assert (cut.status, trained.fact(IN_USE)) == ("cancelled", "1")
    assert resumable(trained) == cut.id
    report = train(trained, choice, Quiet(), resume=cut.id)
    assert resumable(trained) is None
    assert report.run == cut.id
    assert trained.runs()[0].status == "done"
    losses = [
        [line["loss"] for line in lines_of(trained.run_folder(run) / "log.jsonl") if "loss" in line]
        for run in (1, report.run)
    ]
    assert losses[0] == losses[1]
    assert len(losses[0]) == 4
    assert not (trained.run_folder(cut.id) / "checkpoint.pt").exists()


def test_a_careful_training_is_careful_still_when_it_goes_on(trained, choice, monkeypatch):
    monkeypatch.setattr(module, "former_of", lambda *_: Former(2.0))
    with pytest.raises(Cancelled):
        train(trained, replace(choice, careful=True), Stopping(), threads=1)
    cut = trained.runs()[0]
    report = train(trained, choice, Quiet(), resume=cut.id, threads=1)
    assert (report.in_use, trained.fact(IN_USE)) == (False, "1")
    # A person who trains so again asks for its model.
    assert not choice_again(trained, trained.runs()[0]).careful


def test_a_run_without_a_checkpoint_cannot_be_resumed(project, choice):
    with pytest.raises(UserError, match="cannot be resumed"):
        train(project, choice, Quiet(), resume=5)


def test_runs_of_a_program_that_died_are_not_running_for_ever(project):
    died = project.new_run("train", "fast_scnn", {})
    settle_interrupted(project)
    assert [(run.id, run.status) for run in project.runs()] == [(died.id, "cancelled")]


def test_nothing_labelled_says_what_to_do(project, choice):
    for entry in reversed(project.history()[0]):
        project.turn([entry.id], undo=True).result()
    with pytest.raises(UserError, match="nothing is labelled") as caught:
        train(project, choice, Quiet())
    assert "paint" in caught.value.hint
    assert project.runs() == []


def test_a_device_that_is_not_there_is_refused(project, choice):
    with pytest.raises(UserError, match="no device called"):
        train(project, choice, Quiet(), device="abacus")
    assert project.runs() == []


def test_weights_that_are_not_there_begin_no_run(project, choice, tmp_path):
    missing = replace(choice, weights=tmp_path / "none.pth")
    with pytest.raises(UserError, match="no weights"):
        train(project, missing, Quiet())
    assert project.runs() == []


def test_a_run_that_fails_says_so(project, choice, tmp_path):
    damaged = tmp_path / "damaged.pth"
    damaged.write_bytes(b"no weights")
    with pytest.raises(UserError):
        train(project, replace(choice, weights=damaged), Quiet())
    assert project.runs()[0].status == "failed"
