"""Trainings that go on where the model in use stands."""

from pathlib import Path

from segstudio.gui.training_again import FRESH, PERTURB, going_on
from segstudio.workflows.choice import choose


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
