"""The learning curve of a project, and the effort behind it."""

import time
from dataclasses import replace

import pytest

from segstudio.domain.geometry import Box
from segstudio.domain.history import Entry
from segstudio.domain.records import QueueItem, RunRecord
from segstudio.workflows.effort import ALONE, effort_of, minutes_of, minutes_spent
from segstudio.workflows.labels import newly_labelled
from segstudio.workflows.progress import Point, Progress, progress_of


def entry(time, images=(1,)):
    return Entry(1, "Brush", time, frozenset(images))


def test_pauses_are_no_work():
    assert minutes_of([]) == 0
    assert minutes_of([entry(0)]) == ALONE / 60
    assert minutes_of([entry(0), entry(60), entry(90)]) == (ALONE + 90) / 60
    assert minutes_of([entry(0), entry(5000), entry(5030)]) == (2 * ALONE + 30) / 60


def test_the_effort_counts_what_is_learned_from(project):
    found = effort_of(project)
    assert found["pictures"] == 3  # not the one of the split val
    assert found["pixels"] == 3 * 64 * 96
    assert found["minutes"] > 0


def test_minutes_go_on_from_the_last_training(project):
    run = RunRecord(1, "train", "fast_scnn", "done", time.time() + 60, metrics={})
    project.save_run(replace(run, metrics={"labelled": {"minutes": 30, "pixels": 1}})).result()
    assert minutes_spent(project) == 30


def test_work_before_a_resumed_run_looked_at_the_labels_counts_once(project):
    began = project.history()[0][0].time - 60  # and was interrupted; all labels came after that
    effort = effort_of(project)
    assert effort["minutes"] > 0
    run = RunRecord(1, "train", "fast_scnn", "done", began, metrics={"labelled": effort})
    project.save_run(run).result()
    assert minutes_spent(project) == effort["minutes"]
    assert newly_labelled(project) == frozenset()


def test_work_while_a_careful_run_measures_the_former_model_counts(project):
    effort = {"minutes": 30, "until": project.history()[0][0].time - 1}
    late = time.time() + 60
    run = RunRecord(1, "train", "fast_scnn", "done", late, metrics={"labelled": effort})
    project.save_run(run).result()
    assert minutes_spent(project) > 30
    assert len(newly_labelled(project)) >= 3


def run(id, pixels, miou, **more):
    metrics = {"miou": miou, "labelled": {"pixels": pixels, "pictures": 1, "minutes": id}, **more}
    return RunRecord(id, "train", "fast_scnn", "done", 10.0 * id, 10.0 * id + 5, {}, metrics)


def test_the_curve_of_a_project_is_read_from_its_trainings(project):
    side = 32 * 32
    for number, miou in enumerate((0.3, 0.45, 0.52, 0.55), 1):
        wide = [miou - 0.002, miou + 0.002]
        iou = {"ground": 0.9, "disc": 0.2}
        project.save_run(run(number, number * 20 * side, miou, interval=wide, iou=iou)).result()
    by_lot = {"miou": 0.4, "interval": [0.3, 0.5], "run": 3}
    last = run(4, 80 * side, 0.55, interval=[0.548, 0.552], iou=iou, lot=by_lot)
    project.save_run(last).result()
    project.save_run(replace(run(5, 1, 0.1), status="failed")).result()
    project.save_run(replace(run(6, 1, 0.1), kind="classifier")).result()
    project.save_run(replace(run(7, 1, 0.1), metrics={"miou": 0.5})).result()
    project.set_queue([QueueItem(5, 1.0, "margin", Box(0, 0, 32, 32))]).result()
    found = progress_of(project)
    assert [point.run for point in found.points] == [1, 2, 3, 4]
    assert [found.labels(point) for point in found.points] == [20, 40, 60, 80]
    assert found.points[0].interval == (0.298, 0.302)
    last = found.points[-1]
    assert (last.lot, last.lot_interval, last.lot_run) == (0.4, (0.3, 0.5), 3)
    assert 0.005 < found.ahead.gain < 0.03
    assert "the next 20 labels bring about +" in found.hint
    assert found.hint.endswith("Weakest: disc, 0.20.")


def points(*figures, wide=0.002):
    return [
        Point(n, 20 * n * 16384, n, miou, (miou - wide, miou + wide), {"a": miou, "b": 0.1})
        for n, miou in enumerate(figures, 1)
    ]


@pytest.mark.parametrize(
    ("figures", "beginning"),
    [
        ((0.3, 0.5), "After three trainings"),
        ((0.3, 0.45, 0.55), "It pays to go on"),
        ((0.7, 0.7, 0.7, 0.7, 0.7), "Time to stop"),
        # Few at once bring little where many are labelled, and still twice as many are worth it.
        ((0.22, 0.24, 0.26, 0.275, 0.285), "It pays to go on"),
        ((0.7, 0.72, 0.73, 0.738, 0.742), "You may stop here"),
        ((0.3, 0.6, 0.5), "The last training fell short of run 2, which reached 0.60"),
    ],
)
def test_the_hint_says_when_to_stop(figures, beginning):
    assert Progress.of(points(*figures)).hint.startswith(beginning)


def test_without_trainings_there_is_no_hint():
    assert Progress().hint == ""
