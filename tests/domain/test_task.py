import pytest

from segstudio.domain.task import Cancelled, Part, Quiet, track


class Noted:
    def __init__(self, stop_at=None):
        self.reports, self.stop_at = [], stop_at

    def report(self, done, total, text):
        if done == self.stop_at:
            raise Cancelled
        self.reports.append((done, total, text))


def test_track_reports_before_each_item_and_at_the_end():
    task = Noted()
    assert list(track(task, ["a", "b"], "Reading")) == ["a", "b"]
    assert task.reports == [(0, 2, "Reading"), (1, 2, "Reading"), (2, 2, "Reading")]
    assert list(track(Quiet(), [], "Nothing")) == []


def test_track_stops_where_the_task_is_cancelled():
    items = track(Noted(stop_at=1), ["a", "b"], "Reading")
    assert next(items) == "a"
    with pytest.raises(Cancelled):
        next(items)


def test_a_part_reports_as_a_stretch_of_the_whole():
    task = Noted()
    part = Part(task, 2, 4)
    part.report(1, 2, "half of the third")
    part.report(0, 0, "unknown length")
    assert task.reports == [
        (2500, 4000, "half of the third"),
        (2000, 4000, "unknown length"),
    ]
    Part(task, 3, 4, "Named").report(1, 1, "inside")
    assert task.reports[-1] == (4000, 4000, "Named")
