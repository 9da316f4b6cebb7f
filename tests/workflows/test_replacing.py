"""Whether a new model takes the place of the one in use."""

from dataclasses import replace

import numpy as np
import pytest

from segstudio.domain.task import Quiet
from segstudio.workflows import train as module
from segstudio.workflows.choice import choose
from segstudio.workflows.models import in_use
from segstudio.workflows.replacing import SLACK, Former, former_of, measured_on, outcome
from segstudio.workflows.train import train


@pytest.mark.parametrize(
    ("former", "miou", "gives_way"),
    [
        (Former(0.6, (0.55, 0.65)), 0.7, True),
        (Former(0.6, (0.55, 0.65)), 0.56, True),  # lower, but by no more than chance
        (Former(0.6, (0.55, 0.65)), 0.54, False),
        (Former(0.6), 0.6 - SLACK / 2, True),
        (Former(0.6), 0.6 - 2 * SLACK, False),
        (Former(0.6, (0.55, 0.65)), None, False),
    ],
)
def test_a_model_gives_way_unless_the_new_one_fell_beyond_its_interval(former, miou, gives_way):
    assert former.gives_way(miou) is gives_way


@pytest.mark.parametrize(
    ("former", "in_use", "said"),
    [
        (None, True, "its model is the one in use now"),
        (Former(0.61, (0.55, 0.66)), True, "one in use now; the one before reaches 0.61"),
        (Former(0.61, (0.55, 0.66)), False, "stays in use: it reaches 0.61 (0.55 to 0.66) on"),
        (Former(0.61), False, "stays in use: it reaches 0.61 on the same pictures"),
    ],
)
def test_it_says_either_way_which_model_is_in_use(former, in_use, said):
    assert said in outcome(former, in_use)


def test_the_former_is_measured_on_the_same_pictures(trained):
    found = in_use(trained)
    model = found.open(1)
    pixels = np.random.default_rng(0).integers(0, 255, (64, 96, 3), np.uint8)
    own = np.array(model.card.ids, np.uint8)[model.logits(pixels).argmax(0)]
    right = measured_on(trained, found, [(pixels, own), (pixels[::-1], own[::-1])], Quiet())
    assert right.miou > 0.5
    unlabelled = np.full_like(own, 255)
    assert measured_on(trained, found, [(pixels, unlabelled)], Quiet()) is None
    assert measured_on(trained, found, [], Quiet()) is None


def test_without_a_model_there_is_nothing_to_compare(project):
    assert former_of(project, [], Quiet()) is None


@pytest.mark.parametrize(("figure", "stays"), [(2.0, True), (0.0, False)])
def test_a_careful_training_says_which_model_is_in_use(trained, tiny, monkeypatch, figure, stays):
    before = in_use(trained).path
    monkeypatch.setattr(module, "former_of", lambda *_: Former(figure))
    choice = replace(choose("quick", "fast_scnn", tiny), careful=True)
    report = train(trained, choice, Quiet(), threads=1)
    assert report.in_use is not stays
    assert report.former == Former(figure)
    assert (in_use(trained).path == before) is stays
    assert trained.runs()[0].status == "done"
    assert trained.runs()[0].metrics["former"]["miou"] == figure
    assert trained.runs()[0].metrics["labelled"]["pictures"] == 3
