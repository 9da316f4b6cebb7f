import numpy as np
import pytest

from segstudio.domain.task import Cancelled, Quiet
from segstudio.errors import UserError
from segstudio.learning.settings import TrainSettings
from segstudio.workflows import augmented as module
from segstudio.workflows.augmented import Augmented
from segstudio.workflows.clear import plan_clear

BARE = TrainSettings(augment=("none",), crop=48)


def test_crops_are_those_of_a_training_with_class_ids(project):
    shown = Augmented(project, Quiet()).draw(BARE, 12)
    assert len(shown) == 12
    assert {each.picture for each in shown} <= {"p1.png", "p2.png", "p3.png"}
    assert {each.pixels.shape for each in shown} == {(48, 48, 3)}
    assert set(np.unique([each.mask for each in shown])) <= {0, 1, 2}
    for each in shown:  # discs are blue: pixels lie where their labels do
        if (each.mask == 2).any():
            disc = each.pixels[each.mask == 2].mean(0)
            assert disc[2] > disc[0] + 80


def test_the_same_turn_gives_the_same_crops_another_one_others(project):
    source = Augmented(project, Quiet())
    masks = lambda turn: np.stack([s.mask for s in source.draw(BARE, 8, turn)])  # noqa: E731
    assert np.array_equal(masks(0), masks(0))
    assert not np.array_equal(masks(0), masks(1))


def test_few_pictures_are_looked_at_and_none_stays_open(project, monkeypatch):
    monkeypatch.setattr(module, "PICTURES", 2)
    source = Augmented(project, Quiet())
    shown = source.draw(BARE, 16)
    assert {each.picture for each in shown} == {"p1.png", "p3.png"}
    assert not source._shelf._open


def test_without_labels_there_is_a_reason(project):
    project.apply(plan_clear(project, project.images(), Quiet()))
    with pytest.raises(UserError, match="nothing is labelled"):
        Augmented(project, Quiet())


def test_reading_the_labels_can_be_stopped(project):
    class Impatient(Quiet):
        def report(self, done, total, text):
            raise Cancelled

    with pytest.raises(Cancelled):
        Augmented(project, Impatient())
