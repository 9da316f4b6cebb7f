"""The learning curve of the project in its section."""

import pytest

from segstudio.gui.models import Models
from segstudio.gui.panels.progress import LABELS, LOT, MINUTES, MIOU, ProgressSection
from segstudio.gui.progressing import Progressing
from segstudio.workflows import progress as workflow
from segstudio.workflows.progress import REGION, Point, Progress

POINTS = [
    Point(1, 20 * REGION, 3.0, 0.3, (0.28, 0.32), {"sign": 0.2, "window": None}),
    Point(
        2, 40 * REGION, 7.0, 0.45, (0.43, 0.47), {"sign": 0.4, "window": 0.5}, 0.4, (0.3, 0.5), 1
    ),
    Point(3, 60 * REGION, 9.0, 0.5, None, {"sign": 0.5, "window": 0.5}, 0.52, (0.4, 0.6), 2),
]


@pytest.fixture
def section(session, show, qtbot):
    progressing = Progressing(session, Models(session))
    made = ProgressSection(session, progressing)
    made.progressing = progressing
    qtbot.waitUntil(lambda: not session.jobs.jobs, timeout=20_000)
    return made


@pytest.fixture
def filled(section):
    section.progressing._show(Progress.of(POINTS))
    return section


def test_the_curve_of_another_project_is_not_shown(section, session, monkeypatch, qtbot):
    monkeypatch.setattr(workflow, "progress_of", lambda project: Progress.of(POINTS))
    section.progressing.reload()
    session.project_changed.emit()  # before it is heard
    qtbot.waitUntil(lambda: not session.jobs.jobs, timeout=20_000)
    assert section.progressing.progress is None


def test_without_trainings_it_says_what_will_appear(section):
    assert section.curve.scale() is None
    assert section.hint.isHidden()
    assert not section.over.isEnabled()


def test_miou_is_drawn_over_labels_with_its_interval(filled):
    assert filled.curve.series(MIOU).xs.tolist() == [20, 40, 60]
    assert filled.curve.series(MIOU).ys.tolist() == [0.3, 0.45, 0.5]
    assert [(span.x, span.low, span.high) for span in filled.curve._bands[0][1]] == [
        (20, 0.28, 0.32), (40, 0.43, 0.47),
    ]  # fmt: skip
    assert filled.title.note.text() == "3 trainings"
    assert "next 20 labels" in filled.hint.text()


def test_what_regions_by_lot_say_stands_where_the_model_does_that_they_are_said_of(filled):
    assert filled.curve.series(LOT).xs.tolist() == [20, 40]
    assert filled.curve.series(LOT).ys.tolist() == [0.4, 0.52]
    assert len(filled.curve._whiskers[0][1]) == 2


def test_the_same_over_minutes(filled):
    filled.choose(MINUTES)
    assert filled.curve.series(MIOU).xs.tolist() == [3, 7, 9]


def test_each_class_has_its_curve(filled, session):
    filled.choose(LABELS, by_class=True)
    assert filled.curve.series("sign").ys.tolist() == [0.2, 0.4, 0.5]
    assert filled.curve.series("window").xs.tolist() == [40, 60]
    assert filled.curve._bands == []


def test_it_is_painted_with_bands(filled, show):
    show(filled, 320, 300)
    assert not filled.grab().isNull()
