"""Trainings one after another, paused, stopped, continued, repeated."""

import pytest

from segstudio.errors import UserError
from segstudio.gui.models import Models
from segstudio.gui.pausing import Pausable
from segstudio.gui.training import Training
from segstudio.store.project import Project
from segstudio.workflows import train as workflow
from segstudio.workflows.train import TrainReport

CHOSEN = {"network": "fast_scnn", "width": 0.25, "steps": 6}


class Trainer:
    """Stands for `workflows.train.train`: it tells of steps until it is let go."""

    def __init__(self, monkeypatch):
        self.begun, self.resumed, self.devices = [], [], set()
        self.indicative = False
        monkeypatch.setattr(workflow, "train", self)
        self.steps = 3
        self.later = None
        self.held = 0
        self.error = None

    def __call__(self, project, choice, task, note, threads, device, resume=None):
        self.begun.append(choice)
        self.devices.add(device)
        self.resumed.append(resume)
        steps = self.later if self.later and len(self.begun) > 1 else self.steps
        for step in range(1, steps + 1):
            while self.held == step and len(self.begun) > 1:
                task.report(0, 1, "Reading the labels")
            task.report(step, steps, "Training")
            note({"step": step, "seconds": 0.1, "loss": 1 / step, "learning_rate": 0.1})
        if self.error is not None:
            raise self.error
        note({"step": step, "seconds": 1.0, "miou": 0.5, "iou": {"sign": 0.5}, "samples": ["s"]})
        note({"step": step, "seconds": 1.0, "warning": "the class window has no pixels"})
        return TrainReport(7, "fast_scnn", 1, step, 1.0, 0.5, self.indicative, project.root, [])


@pytest.fixture
def trainer(monkeypatch):
    return Trainer(monkeypatch)


@pytest.fixture
def training(session):
    made = Training(session, Models(session))
    made.values = dict(CHOSEN)
    made.network = made.values.pop("network")
    return made


@pytest.fixture
def said(session):
    heard = []
    session.said.connect(lambda text, hint: heard.append(text))
    return heard


def test_a_training_tells_its_curves_samples_and_warnings(training, trainer, wait_idle, said):
    warned = []
    training.warned.connect(warned.append)
    assert training.start() is not None
    assert training.running
    wait_idle()
    curves = training.curves
    assert curves.steps == [1, 2, 3]
    assert curves.total == 6
    assert curves.mious == [0.5]
    assert training.samples == ["s"]
    assert warned == curves.warnings == ["the class window has no pixels"]
    assert not training.running
    assert said == ["run 7 has learned: mIoU 0.50"]
    assert trainer.begun[0].network["width"] == 0.25
    assert trainer.devices == {"auto"}  # a GPU where there is one


def test_a_figure_of_few_pictures_is_called_indicative(training, trainer, wait_idle, said):
    trainer.indicative = True
    training.start()
    wait_idle()
    assert said == ["run 7 has learned: indicative mIoU 0.50"]


@pytest.mark.parametrize("held", [1, 3])
def test_what_was_learned_stays_in_sight_when_those_behind_it_are_stopped(
    training, trainer, qtbot, wait_idle, held
):
    trainer.held = held
    training.start()
    for _ in range(2):
        training.start()
    with qtbot.waitSignal(training.done):
        pass
    qtbot.waitUntil(lambda: len(training.curves.steps) == held - 1)
    training.stop_all()
    wait_idle()
    assert training.curves.steps == [1, 2, 3]
    assert training.samples == ["s"]


def test_the_list_of_jobs_names_the_network_and_has_one_estimate(
    training, trainer, qtbot, wait_idle
):
    trainer.steps = 10_000_000
    job, waiting = training.start(), training.start()
    qtbot.waitUntil(lambda: len(training.curves.steps) > 5)
    assert job.title == "Training fast_scnn"
    assert training.seconds_left is not None
    assert job.seconds_left == pytest.approx(training.seconds_left, rel=0.5)
    assert waiting.seconds_left is None
    training.pause()
    assert job.seconds_left is None
    training.stop_all()
    wait_idle()


@pytest.mark.parametrize("error", [None, UserError("the disk is full")])
def test_its_end_is_told_whatever_came_of_it(training, trainer, qtbot, wait_idle, error):
    trainer.error = error
    with qtbot.waitSignal(training.ended):
        training.start()
    wait_idle()


def test_several_trainings_wait_for_each_other(training, trainer, qtbot, wait_idle, said):
    trainer.steps = 10_000_000
    training.start()
    qtbot.waitUntil(lambda: len(training.curves.steps) > 2)
    training.values["steps"] = 9
    training.start()
    training.values["steps"] = 11
    training.start()
    assert training.waiting == 2
    assert "2 trainings wait" in said
    assert [len(trainer.begun), trainer.begun[0].training.steps] == [1, 6]
    trainer.steps = 3
    training.stop()
    wait_idle()
    assert [choice.training.steps for choice in trainer.begun] == [6, 9, 11]
    assert training.curves.total == 11
    assert training.curves.steps == [1, 2, 3]
    assert not training.running


def test_the_next_training_begins_with_nothing_of_the_former(training, trainer, qtbot, wait_idle):
    trainer.later = 10_000_000
    training.start()
    training.start()
    qtbot.waitUntil(lambda: len(trainer.begun) == 2 and not training.waiting)
    qtbot.waitUntil(lambda: len(training.curves.steps) > 5)
    assert training.samples == []
    assert training.curves.mious == []
    training.stop_all()
    wait_idle()


def test_one_that_waits_can_be_cancelled_alone(training, trainer, qtbot, wait_idle):
    trainer.steps = 10_000_000
    training.start()
    waiting = training.start()
    qtbot.waitUntil(lambda: len(training.curves.steps) > 2)
    curves = training.curves
    waiting.cancel()
    qtbot.waitUntil(lambda: not training.waiting)
    assert training.curves is curves
    training.stop_all()
    wait_idle()
    assert len(trainer.begun) == 1


def test_a_paused_training_takes_no_step_until_it_goes_on(training, trainer, qtbot, wait_idle):
    trainer.steps = 10_000_000
    training.start()
    qtbot.waitUntil(lambda: len(training.curves.steps) > 5)
    assert training.seconds_left is not None
    training.pause()
    assert training.paused
    assert training.seconds_left is None
    qtbot.wait(250)
    steps = len(training.curves.steps)
    qtbot.wait(250)
    assert len(training.curves.steps) == steps
    training.go_on()
    qtbot.waitUntil(lambda: len(training.curves.steps) > steps)
    training.pause()
    training.stop()  # also while it is held up
    wait_idle()
    assert not training.paused


def test_what_fails_is_said_and_the_next_one_begins(training, trainer, wait_idle, said):
    trainer.error = UserError("the loss is no longer a number", "lower the learning rate")
    training.start()
    training.start()
    wait_idle()
    assert len(trainer.begun) == 2
    assert said.count("the loss is no longer a number") == 2


def test_settings_that_do_not_fit_are_said_before_anything_begins(training, trainer, said):
    training.values["no_such"] = 1
    assert training.start() is None
    assert "no_such" in said[0]
    assert not training.running


def test_runs_are_repeated_and_continued(training, trainer, session, wait_idle, said):
    choice = training.choice()
    run = session.project.new_run("train", "fast_scnn", choice.to_json())
    training.values = {}
    training.again(run.id)
    wait_idle()
    assert trainer.begun[0] == choice
    training.resume(run.id)
    wait_idle()
    assert "no checkpoint" in said[-1]
    training.again(99)
    wait_idle()
    assert "has no run 99" in said[-1]
    assert len(trainer.begun) == 1
    folder = session.project.run_folder(run.id)
    folder.mkdir(parents=True)
    (folder / "checkpoint.pt").write_bytes(b"")
    (folder / "settings.json").write_text(__import__("json").dumps(choice.to_json()))
    training.resume(run.id)
    wait_idle()
    assert trainer.resumed[-1] == run.id


def test_a_run_of_another_project_is_not_repeated_here(
    training, trainer, session, tmp_path, wait_idle
):
    run = session.project.new_run("train", "fast_scnn", training.choice().to_json())
    former = session.project
    training.again(run.id)
    session.project = other = Project.create(tmp_path / "other", [])
    wait_idle()
    session.project = former
    other.close()
    assert trainer.begun == []


def test_a_choice_becomes_that_of_the_next_training(training):
    choice = training.choice()
    training.preset, training.network, training.values = "default", None, {}
    training.take(choice)
    assert training.choice() == choice
    assert training.values["steps"] == 6


def test_another_network_drops_settings_of_the_former(training):
    training.set_network("scale_cnn_s")
    assert training.network == "scale_cnn_s"
    assert training.values == {"steps": 6}
    training.set_network(None)
    assert training.choice().training.network == "fast_scnn"  # as the preset quick has it


def test_held_up_work_hears_of_cancel():
    from segstudio.domain.task import Cancelled

    class Stopped:
        def report(self, done, total, text):
            if text == "Paused":
                raise Cancelled

    gate = Pausable(Stopped())
    gate.report(0, 1, "Training")
    gate.pause()
    with pytest.raises(Cancelled):
        gate.report(0, 1, "Training")
