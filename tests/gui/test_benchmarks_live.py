"""The measurement of live classifiers, on little: that it measures what it says."""

from segstudio.gui.benchmarks import driving
from segstudio.gui.benchmarks.builtin import live
from segstudio.workflows.bench import row_of


def test_strokes_and_sliders_are_timed_until_they_are_seen(tmp_path, monkeypatch, qapp):
    monkeypatch.setattr(live, "STROKES", 1)
    monkeypatch.setattr(live, "CANVAS", (500, 300))
    monkeypatch.setattr(driving, "EVENTS", 30)
    rows = {
        row.name: row for row in map(row_of, (r.values() for r in live.rows_of(tmp_path, 360, 280)))
    }
    half = rows["forest after a stroke, half of 1920x1080, 360x280"]
    full = rows["forest after a stroke, all of 1920x1080, 360x280"]
    assert len(half.samples) == len(full.samples) == 1
    assert all(a < b for a, b in zip(half.samples, full.samples, strict=True))
    assert (half.goal, full.goal) == (1.0, 5.0)
    assert len(rows["preview of a slider move, threshold, 360x280"].samples) == 8
    assert rows["brush to repaint while a forest works, 40 px, 360x280"].statistic == "p95"
    assert rows["forest, the whole picture, 360x280"].figure > 0
