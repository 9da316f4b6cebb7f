"""A person trains twice, compares the two, keeps one and deletes the other."""

import numpy as np
import pytest

from segstudio.domain.records import Split
from segstudio.gui.comparing import Mode
from segstudio.store.project import Project
from segstudio.workflows.models import IN_USE
from segstudio.workflows.validation import SplitSettings

TINY = {"network": "fast_scnn", "width": 0.25, "batch": 2, "crop": 64, "evaluations": 2}


@pytest.fixture
def twice(studio):
    """Two runs on two labelled pictures, one of which is set aside."""
    for name in ("facade-01.jpg", "facade-02.jpg"):
        studio.open(name).segment("kmeans", clusters=3).accept()
    ids = [id for id, image in studio.session.images.items() if image.name == "facade-02.jpg"]
    studio.session.set_image(ids, "Use for validation", split=Split.VAL)
    studio.wait_saved()
    studio.train(steps=4, **TINY)
    return studio.train(steps=6, **TINY)


def test_two_runs_are_compared_and_one_is_kept(twice):
    studio, window = twice, twice.window
    assert [row.run.id for row in window.models.rows] == [2, 1]
    assert "run 2 has learned" in studio.said[-1]
    assert window.training.samples[0].name == "facade-02.jpg"
    assert not np.array_equal(window.training.samples[0].reference, 255)

    studio.trigger("runs").wait_idle()
    page = window.pages.runs
    page.choose([2, 1])
    studio.wait_idle()
    drawn = [series.name for series in page.loss._drawn()]
    assert drawn == ["1 fast_scnn", "2 fast_scnn"]
    assert page.loss.series("2 fast_scnn").xs.tolist() == [1, 2, 3, 4, 5, 6]
    assert page.miou.series("1 fast_scnn").xs.tolist() == [2, 4]
    assert page.sorted.index(0, 3).data() == "steps 6"

    page.choose([1])
    studio.wait_idle()
    page.use.click()
    studio.wait_idle()
    assert window.models.current.id == 1
    page.errors.worst.clicked.emit(page.errors.model.index(0, 0))
    studio.wait_idle()
    assert not window.pages.runs_shown
    assert studio.session.image.name == "facade-02.jpg"
    assert window.comparing.active
    assert window.comparing.mode == Mode.DIFFERENCE
    assert window.comparing.layer_of(1) is not None
    window.comparing.close()

    studio.trigger("runs")
    page.choose([1])
    studio.ask.answer("confirm", True)
    page.delete.click()
    studio.wait_idle()
    assert [row.run.id for row in window.models.rows] == [2]
    assert studio.session.project.fact(IN_USE) == "2"
    page.choose([2])
    page.again.click()
    studio._wait(lambda: not window.training.running, "the training", 300)
    studio.wait_idle()
    first, second = window.models.rows
    assert first.run.settings == second.run.settings
    assert first.run.metrics["miou"] == second.run.metrics["miou"]


def test_pictures_are_set_aside_and_taken_back(studio):
    studio.ask.answer("settings", None, SplitSettings(val=0.34))
    studio.trigger("set_aside")
    assert {image.split for image in studio.session.images.values()} == {Split.POOL}
    studio.trigger("set_aside").wait_idle().wait_saved()
    splits = [image.split for image in studio.session.images.values()]
    assert sorted(splits) == [Split.POOL, Split.POOL, Split.VAL]
    studio.trigger("undo").wait_idle()
    assert {image.split for image in studio.session.images.values()} == {Split.POOL}


def test_esc_leaves_the_runs_of_a_project_without_pictures(studio, tmp_path):
    project = Project.create(tmp_path / "empty")
    project.close()
    studio.open_project(project.root)
    studio.trigger("runs").wait_idle()
    assert studio.window.pages.runs_shown
    studio.key("Esc").wait_idle()
    assert not studio.window.pages.runs_shown
