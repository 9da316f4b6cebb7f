"""What a training from the window begins from."""

from dataclasses import replace

import pytest

from segstudio.domain.records import RunRecord
from segstudio.gui.beginnings import ANOTHER, FILE, IN_USE, RANDOM
from segstudio.gui.models import Models
from segstudio.gui.training import Training
from segstudio.resources import models_folder
from segstudio.workflows import train as workflow
from segstudio.workflows.choice import choose
from segstudio.workflows.run_table import Remarks, RunRow
from segstudio.workflows.train import TrainReport

SHIPPED = "facade_fast_scnn"


@pytest.fixture
def models(session):
    return Models(session)


@pytest.fixture
def training(session, models):
    return Training(session, models)


@pytest.fixture
def beginnings(training, wait_idle):
    training.beginnings.read()
    wait_idle()
    return training.beginnings


@pytest.fixture
def begun(monkeypatch):
    """The choices that trainings were made with; nothing is trained."""
    heard = []

    def train(project, choice, *rest, **more):
        heard.append(choice)
        return TrainReport(7, "fast_scnn", 1, 1, 1.0, 0.5, False, project.root, [])

    monkeypatch.setattr(workflow, "train", train)
    return heard


def learned(models, choice):
    """Let the model in use be one that was trained as chosen."""
    run = RunRecord(3, "train", choice.training.network, "done", 0.0, settings=choice.to_json())
    models._show([RunRow(run, {}, Remarks(), has_model=True, in_use=True)], None)


def test_what_comes_with_the_program_is_offered_for_its_own_network(beginnings, training):
    assert list(beginnings.offered(choose("quick"))) == [RANDOM, SHIPPED, ANOTHER]
    assert list(beginnings.offered(choose("default"))) == [RANDOM, ANOTHER]


def test_nothing_is_read_twice(beginnings, qtbot):
    with qtbot.assertNotEmitted(beginnings.changed, wait=50):
        beginnings.read()


def test_a_training_begins_from_what_was_chosen(beginnings, training, begun, wait_idle):
    training.start()
    beginnings.chose = SHIPPED
    training.start()
    training.network = "scale_cnn_s"  # none of that network is there
    training.start()
    training.network = None
    training.start()
    wait_idle()
    folder = models_folder() / SHIPPED
    assert [choice.weights for choice in begun] == [None, folder, None, folder]
    assert [choice.training.perturb for choice in begun] == [0, 0, 0, 0]


def test_the_model_in_use_is_offered_to_its_own_network(
    beginnings, models, training, begun, wait_idle, session
):
    learned(models, choose("quick"))
    assert IN_USE not in beginnings.offered(choose("default"))
    assert IN_USE not in beginnings.offered(choose("quick", None, {"width": 0.5}))
    assert beginnings.offered(choose("quick"))[IN_USE] == "From the model in use"
    beginnings.chose = IN_USE
    training.start()
    wait_idle()
    assert begun[0].weights == session.project.run_folder(3) / "model"
    assert not begun[0].careful


def test_one_by_itself_goes_on_from_the_model_in_use_or_begins_as_the_first(
    beginnings, models, training, begun, wait_idle, session
):
    training.start_by_itself()
    beginnings.chose = SHIPPED
    training.start_by_itself()
    wait_idle()
    learned(models, choose("quick"))
    training.start_by_itself()
    wait_idle()
    learned(models, choose("quick"))
    training.start_by_itself(full=True)
    beginnings.chose = IN_USE
    training.start_by_itself(full=True)
    wait_idle()
    folder, used = models_folder() / SHIPPED, session.project.run_folder(3) / "model"
    assert [choice.weights for choice in begun] == [None, folder, used, folder, None]


def test_weights_that_are_named_are_offered_to_every_network(
    beginnings, models, training, begun, wait_idle, session, tmp_path
):
    street, used = tmp_path / "street.pth", session.project.run_folder(3) / "model"
    beginnings.begin_from(street)
    assert beginnings.offered(choose("default"))[FILE] == "From street.pth"
    training.start()
    training.network = "scale_cnn_s"
    training.start_by_itself()
    wait_idle()
    assert [choice.weights for choice in begun] == [street, street]
    learned(models, choose("quick"))
    beginnings.begin_from(used)
    assert beginnings.offered(choose("quick"))[FILE] == "From run 3"
    beginnings.begin_from(models_folder() / SHIPPED)
    assert beginnings.taken(choose("quick")) == SHIPPED
    beginnings.begin_from(None)
    assert beginnings.weights(choose("quick")) is None


def test_settings_from_a_file_bring_their_weights(beginnings, training, tmp_path):
    training.take(replace(choose("quick"), weights=tmp_path / "street.pth"))
    assert training.next().weights == tmp_path / "street.pth"
    training.take(choose("quick"))
    assert training.next().weights is None
