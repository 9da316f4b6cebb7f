"""The measurements of correcting, on little: that they measure what they say."""

from segstudio.gui.benchmarks import driving
from segstudio.gui.benchmarks.builtin import correcting
from segstudio.workflows.bench import row_of
from segstudio.workflows.benchmarks.builtin import tools


def test_correcting_is_measured_with_every_tool(tmp_path, monkeypatch, qapp):
    monkeypatch.setattr(driving, "EVENTS", 12)
    monkeypatch.setattr(tools, "SPECKS", 60)
    found = [row_of(row.values()) for row in correcting.rows_of(tmp_path, 900, 700, ".jpg")]
    names = [row.name.removesuffix(", 900x700") for row in found]
    assert names == [
        "brush to repaint, similar pixels, 40 px",
        "brush to repaint, similar pixels, 200 px",
        "scissors preview to repaint",
        "list the objects of a picture",
        "longest stall while one of 64 objects is deleted",
        "delete one of 64 objects until the list shows it",
        "scroll step in 64 objects",
        "delete 64 objects as one edit",
    ]
    assert all(row.samples and min(row.samples) >= 0 for row in found)
    goals = {row.name.split(",")[0]: (row.goal, row.statistic) for row in found if row.goal}
    assert goals["brush to repaint"] == (4, "p95")
    assert goals["scissors preview to repaint"] == (16, "p95")
