"""Runs that go to a tracker too."""

import importlib.util

import pytest

from segstudio.errors import UserError
from segstudio.gui.models import Models
from segstudio.gui.panels.tracker_row import TrackerRow
from segstudio.gui.run_tracking import RunTracking
from segstudio.gui.training import Training
from segstudio.workflows import tracking as workflow
from segstudio.workflows.tracking import Kept
from segstudio.workflows.train import TrainReport


@pytest.fixture
def training(session):
    return Training(session, Models(session))


@pytest.fixture
def tracking(session, training):
    made = RunTracking(session, training)
    yield made
    made.choose("")


@pytest.fixture
def installed(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda package: object())


@pytest.fixture
def told(monkeypatch):
    """Take the tracker's part; return the runs that it was told of."""
    runs = []

    def hand_over(project, ids, name, task):
        if name == "dvc":
            raise UserError("DVC could not keep run 7: the disk is full")
        runs.extend((name, id) for id in ids)
        return [Kept(id, "/there/mlflow.db") for id in ids]

    monkeypatch.setattr(workflow, "hand_over", hand_over)
    return runs


@pytest.fixture
def said(session):
    heard = []
    session.said.connect(lambda text, hint: heard.append((text, hint)))
    return heard


@pytest.fixture
def report(session):
    return TrainReport(7, "fast_scnn", 1, 6, 1.0, 0.5, False, session.project.root, [])


def test_without_a_choice_nobody_is_told(tracking, training, told, report, wait_idle):
    training.done.emit(report)
    wait_idle()
    assert told == []


def test_a_run_that_is_done_goes_to_the_tracker(
    tracking, training, told, report, installed, said, wait_idle
):
    tracking.choose("mlflow")
    training.done.emit(report)
    wait_idle()
    assert told == [("mlflow", 7)]
    assert said == [("run 7 is logged", "/there/mlflow.db")]


def test_what_goes_wrong_there_is_said(
    tracking, training, told, report, installed, said, wait_idle
):
    tracking.choose("dvc")
    training.done.emit(report)
    wait_idle()
    assert [text for text, _ in said] == ["DVC could not keep run 7: the disk is full"]


def test_the_choice_is_remembered(session, training, tracking, installed):
    tracking.choose("mlflow")
    assert RunTracking(session, training).chosen == "mlflow"


def test_one_that_is_not_installed_is_refused_with_how_to_install_it(
    tracking, said, monkeypatch, qtbot
):
    row = TrackerRow(tracking)
    qtbot.addWidget(row)
    row.show_chosen()
    titles = [row.choice.itemText(at) for at in range(row.choice.count())]
    assert titles == ["This project alone", "MLflow", "DVC"]
    monkeypatch.setattr(importlib.util, "find_spec", lambda package: None)
    row.choice.setCurrentIndex(1)
    row.choice.activated.emit(1)
    assert said == [("MLflow is not installed", 'pip install "segstudio[mlflow]" installs it')]
    assert tracking.chosen == ""
    assert row.choice.currentText() == "This project alone"


def test_a_choice_made_by_hand(tracking, installed, qtbot):
    row = TrackerRow(tracking)
    qtbot.addWidget(row)
    row.show_chosen()
    row.choice.setCurrentIndex(2)
    row.choice.activated.emit(2)
    assert tracking.chosen == "dvc"
    other = TrackerRow(tracking)
    qtbot.addWidget(other)
    other.show_chosen()
    assert other.choice.currentText() == "DVC"
