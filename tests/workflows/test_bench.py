import json
import math
import subprocess
import sys
from pathlib import Path

import pytest

from segstudio.domain.task import Cancelled, Quiet
from segstudio.errors import UserError
from segstudio.workflows import bench as module
from segstudio.workflows.bench import bench, names, row_of, window_names
from segstudio.workflows.benchmarks.benchmark import Comparison, Row, benchmarks, timed
from segstudio.workflows.children import heard


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


@pytest.mark.parametrize(("statistic", "figure"), [("median", 2.0), ("p95", 3.8), ("max", 4.0)])
def test_the_figure_is_the_one_that_is_judged(statistic, figure):
    row = Row("x", "ms", 3.0, statistic, [1.0, 2.0, 4.0])
    assert row.values()["figure"] == pytest.approx(figure)
    assert (row.values()["statistic"], row.met) == (statistic, figure <= 3.0)
    assert math.isnan(Row("x", "ms", 3.0, statistic).figure)


def test_people_are_shown_the_figure_that_is_judged(monkeypatch, capsys):
    from segstudio.cli.main import run

    rows = [Row("zoom step", "ms", 3.0, "p95", [1.0, 2.0, 4.0])]
    monkeypatch.setattr(module, "bench", lambda name, task: iter(rows))
    assert run(["bench"]) == 0
    heading, line = capsys.readouterr().out.splitlines()
    assert heading.split()[:6] == ["name", "figure", "statistic", "unit", "goal", "met"]
    assert line.split()[:7] == ["zoom", "step", "3.8", "p95", "ms", "3", "no"]


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
    known = {"opening", "painting", "learning", "rasters", "projects"}
    assert known <= set(window_names())
    assert not {"samples", "driving", "__main__"} & set(window_names())
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


def test_the_folder_of_a_measurement_is_empty_and_goes_with_it(tmp_path, monkeypatch):
    program = """
import json, os, sys
name, folder = sys.argv[1:]
assert os.listdir(folder) == []
open(folder + "/large", "w").close()
print(json.dumps([{"name": folder, "unit": name, "samples": [1]}]))
"""
    child(tmp_path, monkeypatch, program)
    (row,) = bench("opening", Quiet())
    assert (row.unit, row.goal) == ("opening", None)
    assert not Path(row.name).exists()


def test_the_folder_goes_too_where_measuring_is_stopped(tmp_path, monkeypatch):
    started = tmp_path / "started"
    child(
        tmp_path, monkeypatch,
        f"import sys, time; open({str(started)!r}, 'w').write(sys.argv[2]); time.sleep(60)",
    )  # fmt: skip

    class Impatient(Quiet):
        def report(self, done, total, text):
            if started.exists() and started.read_text():
                raise Cancelled

    with pytest.raises(Cancelled):
        list(bench("opening", Impatient()))
    assert not Path(started.read_text()).exists()


def test_a_window_that_cannot_be_measured_is_said(tmp_path, monkeypatch):
    child(tmp_path, monkeypatch, "raise SystemExit('no screen')")
    with pytest.raises(UserError, match="no screen"):
        list(bench("opening", Quiet()))


def test_a_process_that_says_much_is_heard_to_its_end():
    code = "print('x' * 1_000_000)"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as child:
        out, err = heard(child, Quiet(), "Listening")
    assert (len(out.strip()), err) == (1_000_000, "")
