import pytest

from segstudio.errors import UserError
from segstudio.workflows import tracking
from segstudio.workflows.run_table import find_run
from segstudio.workflows.tracking import Kept

QUICK = ["--preset", "quick", "--set", "width=0.25", "--set", "crop=64", "--set", "batch=2"]


class Keeper:
    """A tracker: keeps the runs that it is given, or raises what it is set to."""

    def __init__(self):
        self.runs, self.error = [], None

    def hand_over(self, project, runs, name, task):
        if self.error is not None:
            raise self.error
        self.runs += [(name, run, find_run(project, run).status) for run in runs]
        return [Kept(run, f"there/{run}") for run in runs]


@pytest.fixture
def keeper(monkeypatch):
    keeper = Keeper()
    monkeypatch.setattr(tracking, "check_tracker", lambda name: None)
    monkeypatch.setattr(tracking, "hand_over", keeper.hand_over)
    return keeper


@pytest.mark.parametrize("network", [[*QUICK, "--steps", "2"], ["--network", "pixel_forest"]])
def test_a_run_is_handed_over_when_it_is_done(cli, project, keeper, network):
    assert cli("train", project, *network, "--log-to", "mlflow") == 0
    assert keeper.runs == [("mlflow", 1, "done")]
    assert cli.out.splitlines()[-1] == "logged to there/1"


def test_a_tracker_that_fails_is_no_fault_of_the_run(cli, project, keeper):
    keeper.error = UserError("MLflow could not keep run 1: the disk is full")
    values = cli.json("train", project, *QUICK, "--steps", "2", "--log-to", "mlflow")
    assert values["logged"] is None
    assert "warning: MLflow could not keep run 1: the disk is full; the run itself" in cli.err
    assert cli.json("list", "runs", project)["rows"][0]["status"] == "done"


def test_a_tracker_that_is_not_there_is_said_before_anything_begins(cli, project):
    assert cli("train", project, *QUICK, "--log-to", "wandb") == 2
    assert "no tracker called 'wandb'" in cli.err
    assert cli.json("list", "runs", project)["rows"] == []


def test_older_runs_are_handed_over_all_at_once(cli, project, keeper):
    for _ in range(2):
        assert cli("train", project, *QUICK, "--steps", "2") == 0
    assert keeper.runs == []
    values = cli.json("runs", project, "--log-to", "dvc")
    assert keeper.runs == [("dvc", 1, "done"), ("dvc", 2, "done")]
    assert values["logged"] == [{"run": n, "place": f"there/{n}"} for n in (1, 2)]
    assert cli("runs", project, "--log-to", "dvc") == 0
    assert cli.out.splitlines()[-2:] == ["logged to there/1", "logged to there/2"]
