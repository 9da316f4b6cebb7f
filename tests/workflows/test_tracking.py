import importlib.util
import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from segstudio.domain.task import Cancelled, Quiet
from segstudio.errors import UserError
from segstudio.workflows.run_table import Remarks, find_run, write_remarks
from segstudio.workflows.trackers.tracker import trackers
from segstudio.workflows.tracking import check_tracker, hand_over, over, story_of

STAND_INS = Path(__file__).parent / "trackers"
"""Packages that write down what they are told, in the place of the real ones."""


@pytest.fixture
def told(tmp_path, monkeypatch):
    """Install the stand-ins; return what reads what they were told, a call a line."""
    known = os.environ.get("PYTHONPATH", "")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(STAND_INS), known]))
    monkeypatch.syspath_prepend(str(STAND_INS))
    monkeypatch.setenv("TOLD", str(tmp_path / "told.jsonl"))
    for name in ("MLFLOW_TRACKING_URI", "MLFLOW_EXPERIMENT_NAME", "MLFLOW_DISABLE_TELEMETRY"):
        monkeypatch.delenv(name, raising=False)

    def read():
        lines = (tmp_path / "told.jsonl").read_text(encoding="utf-8").splitlines()
        return [(call, values) for call, values in map(json.loads, lines)]

    return read


def values_of(told, name):
    return [values for call, values in told() if call == name]


# -- what is told ------------------------------------------------------------------------


def test_a_story_holds_settings_curve_and_figures_of_a_run(trained):
    write_remarks(trained, 1, Remarks("a first try", ("small", "to: compare")))
    run = find_run(trained, 1)
    story = story_of(trained, run)
    assert (story.project, story.run, story.status) == ("shapes", 1, "done")
    assert story.settings["training/steps"] == 4
    assert story.settings["training/augment"].startswith("balanced,zoom,")
    assert story.settings["network/width"] == 0.25
    losses = [(step, found["loss"]) for step, _, found in story.points if "loss" in found]
    assert [step for step, _ in losses] == [1, 2, 3, 4]
    mious = [found for _, _, found in story.points if "miou" in found]
    assert {"iou/ground", "iou/box", "iou/disc"} <= set(mious[-1])
    assert story.final["final/miou"] == run.metrics["miou"]
    assert story.final["final/parameters"] == run.metrics["parameters"]
    assert story.note == "a first try"
    assert story.tags == {
        "small": "yes", "to_ compare": "yes", "network": "fast_scnn", "split": "val",
        "indicative": "no",
    }  # fmt: skip
    assert story.started < story.finished


def test_names_lead_nowhere_and_figures_are_numbers(trained):
    metrics = {"miou": None, "iou": {"../up/there": 0.5, "gone": None}, "split": "val",
               "loss": float("nan"), "indicative": True}  # fmt: skip
    story = story_of(trained, replace(find_run(trained, 1), metrics=metrics))
    assert story.final == {"final/iou/___up_there": 0.5}


def test_a_run_that_trains_is_not_told_of(trained):
    run = replace(find_run(trained, 1), status="running", finished=None)
    trained.save_run(run).result()
    assert over(trained) == []
    with pytest.raises(UserError, match="run 1 is still training"):
        story_of(trained, run)


# -- who is told ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", list(trackers))
def test_a_tracker_that_is_not_installed_is_said_with_how_to_install_it(name, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda package: None)
    with pytest.raises(UserError, match=f"{trackers[name].title} is not installed") as error:
        check_tracker(name)
    assert f'pip install "segstudio[{name}]"' in error.value.hint


def test_a_tracker_that_does_not_exist():
    with pytest.raises(UserError, match="no tracker called 'mlfow'") as error:
        check_tracker("mlfow")
    assert "mlflow" in error.value.hint


def test_mlflow_keeps_a_run_in_the_project(trained, told):
    (kept,) = hand_over(trained, over(trained), "mlflow", Quiet())
    assert (kept.run, kept.place) == (1, str(trained.root / "mlflow.db"))
    (client,) = values_of(told, "client")
    assert client == {"uri": f"sqlite:///{trained.root / 'mlflow.db'}", "telemetry": "true"}
    assert values_of(told, "create_experiment")[0]["name"] == "shapes"
    (run,) = values_of(told, "create_run")
    assert run["tags"]["segstudio.run"] == "1"
    batches = values_of(told, "log_batch")
    params = dict(pair for batch in batches for pair in batch["params"])
    assert params["training/steps"] == "4"
    metrics = [metric for batch in batches for metric in batch["metrics"]]
    assert [step for name, _, _, step in metrics if name == "loss"] == [1, 2, 3, 4]
    assert [name for name, *_ in metrics].count("final/miou") == 1
    began = find_run(trained, 1).started * 1000
    assert all(0 <= at - began < 600_000 for _, _, at, _ in metrics)
    assert values_of(told, "set_terminated")[0]["status"] == "FINISHED"
    assert values_of(told, "delete_run") == []


def test_a_run_that_is_told_again_replaces_the_former(trained, told):
    hand_over(trained, [1], "mlflow", Quiet())
    hand_over(trained, [1], "mlflow", Quiet())
    assert values_of(told, "delete_run") == [{"id": "number 1"}]


def test_no_batch_is_larger_than_mlflow_takes(trained, told):
    log = trained.run_folder(1) / "log.jsonl"
    lines = [
        {"step": n, "seconds": n / 10, "loss": 1 / (n + 1), "learning_rate": 0.1}
        for n in range(700)
    ]
    log.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    hand_over(trained, [1], "mlflow", Quiet())
    batches = values_of(told, "log_batch")
    assert max(len(batch["params"]) for batch in batches) <= 100
    assert 400 < max(len(batch["metrics"]) for batch in batches) <= 1000
    assert sum(len(batch["metrics"]) for batch in batches) >= 1400


def test_mlflow_goes_where_its_variables_say_but_not_over_a_network(trained, told, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "file:///somewhere/mine")
    monkeypatch.setenv("MLFLOW_EXPERIMENT_NAME", "streets")
    assert hand_over(trained, [1], "mlflow", Quiet())[0].place == "/somewhere/mine"
    assert values_of(told, "create_experiment")[0]["name"] == "streets"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "https://there.example")
    with pytest.raises(UserError, match="no place on this machine"):
        hand_over(trained, [1], "mlflow", Quiet())
    assert len(values_of(told, "client")) == 1


def test_dvc_keeps_a_folder_of_each_run_and_touches_no_repository(trained, told, monkeypatch):
    monkeypatch.chdir(trained.root)
    monkeypatch.setenv("DVC_EXP_NAME", "of a pipeline")
    (kept,) = hand_over(trained, [1], "dvc", Quiet())
    assert kept.place == str(trained.root / "dvclive" / "1")
    (live,) = values_of(told, "live")
    assert Path(live["folder"]) == Path(kept.place)
    assert not live["saves"]
    assert Path(live["cwd"]) != trained.root
    assert live["pipeline"] is None
    assert live["offline"] == "true"
    (params,) = values_of(told, "log_params")
    assert params["training"]["steps"] == 4
    assert params["about"]["run"] == 1
    metrics = values_of(told, "log_metric")
    assert [m["step"] for m in metrics if m["name"] == "loss"] == [1, 2, 3, 4]
    assert [m["plot"] for m in metrics if m["name"] == "final/miou"] == [False]
    assert values_of(told, "end") == [{}]


@pytest.mark.parametrize(
    ("fault", "said"),
    [("full", "could not keep run 1: the disk is full"), ("lacks", "is not complete: No module")],
)
def test_what_goes_wrong_there_is_said_in_a_sentence(trained, told, monkeypatch, fault, said):
    monkeypatch.setenv("FAULT", fault)
    with pytest.raises(UserError, match=f"MLflow {said}"):
        hand_over(trained, [1], "mlflow", Quiet())


def test_a_tracker_that_ends_without_an_answer(trained, told, monkeypatch):
    monkeypatch.setenv("FAULT", "dies")
    with pytest.raises(UserError, match="MLflow could not be told of the runs: it ended"):
        hand_over(trained, [1], "mlflow", Quiet())


def test_it_can_be_cancelled_while_the_tracker_hangs(trained, told, monkeypatch):
    monkeypatch.setenv("FAULT", "hangs")

    class Impatient:
        asked = 0

        def report(self, done, total, text):
            self.asked += 1
            if self.asked == 3:
                raise Cancelled

    with pytest.raises(Cancelled):
        hand_over(trained, [1], "mlflow", Impatient())
    shutil.rmtree(trained.root / "mlruns", ignore_errors=True)
