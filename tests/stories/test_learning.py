"""Propose, correct, train, predict, rank, next: the main job on pictures made small."""

import numpy as np
import pytest

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.records import State

TINY = {"network": "fast_scnn", "width": 0.25, "steps": 6, "batch": 2, "crop": 64, "evaluations": 2}


@pytest.fixture
def labelled(studio):
    """A first picture proposed and corrected by hand."""
    studio.open("facade-01.jpg").segment("kmeans", clusters=3).accept()
    studio.choose_class("sign").brush(40).drag((50, 50), (300, 200))
    return studio


def test_the_loop(labelled):
    studio = labelled
    model = studio.window.models
    assert model.current is None
    studio.train(**TINY)
    assert model.current is not None
    assert model.current.status == "done"
    curves = studio.window.training.curves
    assert curves.steps[-1] == 6
    assert curves.evaluated[-1] == 6
    assert len(curves.losses) >= 2
    assert all(np.isfinite(curves.losses))
    report = studio.window.training.report
    assert (report.bundle / "model.onnx").is_file()
    assert report.indicative

    studio.open("facade-02.jpg").predict()
    assert (studio.proposal != UNLABELLED).all()
    assert set(np.unique(studio.proposal).tolist()) <= {0, 1, 2}
    assert studio.session.image.state == State.PROPOSED
    entropy = studio.entropy
    assert entropy.shape[0] > 0
    assert 0 <= entropy.min() <= entropy.max() <= 1
    studio.accept()
    assert (studio.mask != UNLABELLED).all()
    assert studio.session.image.state == State.IN_WORK

    studio.rank()
    items = studio.window.queueing.items
    assert items
    assert all(0 <= item.score <= 1 for item in items)
    assert studio.session.project.queue() == items
    assert {studio.session.images[item.image].name for item in items} == {"facade-03.jpg"}
    studio.key("N").wait_idle()
    assert studio.session.image.name == "facade-03.jpg"
    assert studio.window.canvas.over.spotlight.box == items[0].box
    studio.key("Esc")
    assert studio.window.canvas.over.spotlight.box is None


def test_all_pictures_that_are_not_reviewed_are_predicted_at_once(labelled):
    studio = labelled
    studio.train(**TINY)
    studio.open("facade-03.jpg").key("M")
    studio.open("facade-02.jpg").predict(everything=True)
    assert (studio.proposal != UNLABELLED).all()
    states = {image.name: image.state for image in studio.session.images.values()}
    assert states["facade-03.jpg"] == State.REVIEWED
    assert studio.session.history.next_undo.images == {1, 2}
    studio.trigger("undo").wait_idle()
    assert (studio.proposal == UNLABELLED).all()


def test_painting_goes_on_while_a_network_learns_and_cancel_keeps_the_former_model(labelled):
    studio = labelled
    studio.train(**TINY)
    former = studio.window.models.current
    training = studio.window.training
    training.values = {**TINY, "steps": 100_000}
    training.values.pop("network")
    training.network = "fast_scnn"
    job = training.start()
    studio._wait(lambda: training.curves.steps, "a first step")
    assert training.start() is not None
    assert training.waiting == 1
    studio.drag((100, 300), (300, 300))
    assert studio.mask[300, 200] == 1
    studio.wait_saved()
    assert training.running
    training.stop_all()
    studio._wait(lambda: not training.running, "the end", 3)
    studio.wait_idle()
    assert studio.window.models.current == former
    assert job not in studio.window.jobs.jobs


@pytest.mark.parametrize("classes", [(), ("sign",)])
def test_training_on_too_little_says_what_to_do(studio, classes):
    from segstudio.errors import UserError

    studio.open("facade-01.jpg")
    for name in classes:
        studio.choose_class(name).drag((50, 50), (90, 90))
    with pytest.raises(UserError) as refusal:
        studio.train(**TINY)
    assert refusal.value.hint
    assert studio.said[-1] == refusal.value.message
    assert studio.window.models.current is None
    assert not studio.window.training.running
