"""Trainings that go on where the model in use stands."""

from pathlib import Path

import pytest

from segstudio.gui.training_again import FRESH, PERTURB, going_on, outcome_of
from segstudio.workflows.replacing import Former
from segstudio.workflows.train import TrainReport, choose


def test_it_goes_on_from_weights_with_new_labels_more_often():
    made = going_on(choose("quick"), Path("model"), {})
    assert made.weights == Path("model")
    assert made.careful
    assert (made.training.perturb, made.training.fresh) == (PERTURB, FRESH)


def test_without_weights_the_network_begins_anew():
    made = going_on(choose("quick"), None, {})
    assert (made.weights, made.training.perturb) == (None, 0)


def test_what_the_person_has_said_holds():
    made = going_on(choose("quick", None, {"fresh": 0.7}), Path("model"), {"fresh": 0.7})
    assert made.training.fresh == 0.7


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
    report = TrainReport(
        2, "fast_scnn", 1, 6, 1.0, 0.5, False, Path("model"), [], in_use, former
    )  # fmt: skip
    assert said in outcome_of(report)
