import json
import math
import subprocess
import sys

import pytest

from segstudio.domain.task import Cancelled, Quiet
from segstudio.errors import UserError
from segstudio.workflows import bench as module
from segstudio.workflows.bench import _heard, bench, names, row_of, window_names
from segstudio.workflows.benchmarks.benchmark import Comparison, Row, benchmarks, timed


def test_a_row_has_all_keys_and_meets_its_goal_or_not():
    row = Row("x", "ms", 3.0, "p95", [1.0, 2.0, 4.0], Comparison("other", 8.0))
    values = row.values()
    assert (values["median"], values["goal"], values["met"]) == (2.0, 3.0, False)
    assert values["p95"] == pytest.approx(3.8)
    assert values["compared_with"] == "other: 8 ms"
    assert values["ratio"] == pytest.approx(3.8 / 8)
    assert Row("x", "ms", 3.0, "median", [1.0, 2.0, 4.0]).met is True
    assert Row("x", "ms", 3.0, "max", [1.0, 2.0, 4.0]).met is False
    assert Row("x", "ms").met is None
    assert math.isnan(Row("x", "ms").median)


def test_the_first_run_is_not_counted():
    calls = []
    assert len(timed(lambda: calls.append(1), Quiet(), "x", runs=3)) == 3
    assert len(calls) == 4


def test_measuring_can_be_stopped():
    class Impatient(Quiet):
        def report(self, done, total, text):
            raise Cancelled

    with pytest.raises(Cancelled):
        timed(lambda: None, Impatient(), "x")


def test_benchmarks_of_the_window_are_found_by_their_files():
    assert {"opening", "painting", "learning"} <= set(window_names())
    assert set(names()) == set(benchmarks) | set(window_names())
    with pytest.raises(UserError, match="no benchmark"):
        next(bench("bogus", Quiet()))


def child(tmp_path, monkeypatch, program):
    """Let a program of ours stand in for the one that measures the window."""
    (tmp_path / "stand_in.py").write_text(program)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(module, "WINDOW", "stand_in")


def test_rows_of_the_window_come_from_another_process(tmp_path, monkeypatch):
    printed = [{"name": "zoom step", "unit": "ms", "goal": 16, "statistic": "p95", "samples": [3]}]
    child(tmp_path, monkeypatch, f"print('noise')\nprint({json.dumps(json.dumps(printed))})")
    (row,) = bench("opening", Quiet())
    assert row == row_of(printed[0])
    assert (row.name, row.statistic, row.met) == ("zoom step", "p95", True)


def test_a_window_that_cannot_be_measured_is_said(tmp_path, monkeypatch):
    child(tmp_path, monkeypatch, "raise SystemExit('no screen')")
    with pytest.raises(UserError, match="no screen"):
        list(bench("opening", Quiet()))


def test_a_process_that_says_much_is_heard_to_its_end():
    code = "print('x' * 1_000_000)"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as child:
        out, err = _heard(child, Quiet(), "Listening")
    assert (len(out.strip()), err) == (1_000_000, "")
