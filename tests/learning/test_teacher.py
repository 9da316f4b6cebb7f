import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from segstudio.errors import UserError
from segstudio.learning.dataset import Example
from segstudio.learning.settings import TrainSettings
from segstudio.learning.teacher import Teacher
from segstudio.learning.training import NO_PICTURES, train
from segstudio.learning.unfinished import Unfinished
from segstudio.learning.unlabelled import Views

NARROW = {"width": 0.25}


class Logits(nn.Module):
    """Takes inputs for logits: the picture is what is to be known of it."""

    def forward(self, x):
        return (x,) if self.training else x


class Given:
    side = 4

    def __init__(self, easy, hard=None, places=None):
        hard = easy if hard is None else hard
        count = len(easy) * self.side**2
        plain = np.arange(count).reshape(len(easy), self.side, self.side)
        self.views = Views(easy, hard, plain if places is None else places)

    def batch(self, step, size):
        assert size == len(self.views.easy)
        return self.views


def lessons(crops, parts=1, step=10**6, **settings):
    settings = TrainSettings(**{"unlabelled": 1.0, "confidence": 0.8} | settings)
    teacher = Teacher(settings, crops, torch.ones(2), None)
    size, student = len(crops.views.easy), Logits().train()
    return list(teacher.lessons(student, Logits().eval(), step, size, parts))


def inputs(*margins):
    """Return inputs whose class 1 is so many logits likelier, one crop each."""
    made = np.zeros((len(margins), 2, Given.side, Given.side), np.float32)
    made[:, 1] = np.array(margins)[:, None, None]
    return made


def test_only_what_the_teacher_is_sure_of_is_learned():
    (lesson,) = lessons(Given(inputs(3.0, 0.1), hard=inputs(0.0, 0.0)))
    assert lesson.sure == 0.5
    # Over all pixels, half of which count nothing: no mean over the sure ones alone.
    assert float(lesson.loss) == pytest.approx(math.log(2) / 2)
    (lesson,) = lessons(Given(inputs(0.1, -0.1)))
    assert (lesson.sure, float(lesson.loss)) == (0.0, 0.0)


def test_what_was_moved_is_compared_with_where_it_was():
    places = np.arange(32).reshape(2, 4, 4)[::-1].copy()
    (right,) = lessons(Given(inputs(5.0, -5.0), hard=inputs(-5.0, 5.0), places=places))
    (wrong,) = lessons(Given(inputs(5.0, -5.0), hard=inputs(-5.0, 5.0)))
    assert float(right.loss) < 0.01
    assert float(wrong.loss) > 4


def test_what_lies_outside_a_picture_is_not_learned():
    places = np.arange(32).reshape(2, 4, 4)
    places[1] = -1
    (lesson,) = lessons(Given(inputs(5.0, 5.0), hard=inputs(0.0, 0.0), places=places))
    assert lesson.sure == 1.0
    assert float(lesson.loss) == pytest.approx(math.log(2), abs=0.01)


def test_parts_make_up_the_whole_and_have_two_crops_at_least():
    crops = Given(inputs(3.0, 2.0, -4.0, 5.0, 1.0), hard=inputs(1.0, 2.0, 0.0, -1.0, 3.0))
    (whole,) = lessons(crops)
    for parts in (2, 3, 8):
        found = lessons(crops, parts)
        assert [(each.part.start, each.part.stop) for each in found] == [(0, 3), (3, 5)]
        assert sum(float(each.loss) for each in found) == pytest.approx(float(whole.loss))
        assert sum(each.sure for each in found) == pytest.approx(whole.sure)


def test_the_weight_rises():
    teacher = Teacher(TrainSettings(steps=100, ramp=0.5, unlabelled_weight=2.0), None, None, None)
    weights = [teacher.weight(step) for step in range(100)]
    assert weights[0] == pytest.approx(2 * math.exp(-5))
    assert weights[25] == pytest.approx(2 * math.exp(-5 / 4))
    assert weights == sorted(weights)
    assert weights[49] < 2 == weights[50] == weights[99]
    assert Teacher(TrainSettings(ramp=0.0), None, None, None).weight(0) == 1.0


# -- in a training -------------------------------------------------------------------


@pytest.fixture
def few(tiny):
    return replace(tiny, steps=8, unlabelled=1.0, confidence=0.5, ramp=0.0)


@pytest.fixture
def run(examples, classes, few):
    """Train on two of the pictures, three without labels; return the result and its log."""
    blank = [replace(e, mask=np.full((70, 90), 255, np.uint8)) for e in examples[2:5]]

    def run(settings=few, **changes):
        log = []
        given = {"examples": examples[:2], "holdout": examples[5:], "classes": classes}
        given |= {"settings": settings, "network_settings": NARROW, "log": log.append, "threads": 1}
        return train(**(given | {"unlabelled": blank} | changes)), log

    return run


def steps(log):
    keys = ("loss", "unlabelled_loss", "sure")
    return [tuple(e.get(key) for key in keys) for e in log if "loss" in e]


def test_a_step_says_what_the_teacher_taught(run, few):
    trained, log = run()
    assert all(loss > 0 and 0 <= sure <= 1 for _, loss, sure in steps(log))
    assert steps(log)[-1][2] > 0.5
    assert trained.card.settings["unlabelled_pictures"] == 3
    assert trained.card.settings["training"]["unlabelled"] == 1.0


def test_same_seed_same_curve(run, few):
    (one, first), (two, second) = run(), run()
    assert steps(first) == steps(second)
    assert all(torch.equal(one.state[key], two.state[key]) for key in one.state)
    assert steps(run(replace(few, seed=1))[1]) != steps(first)


def test_without_it_nothing_is_another_than_without_such_pictures(run, few):
    plain = replace(few, unlabelled=0.0, steps=3)
    (one, first), (two, second) = run(plain), run(plain, unlabelled=())
    assert steps(first) == steps(second)
    assert steps(first)[0][1] is None
    assert all(torch.equal(one.state[key], two.state[key]) for key in one.state)
    assert "unlabelled_pictures" not in one.card.settings


def test_without_such_pictures_that_is_said_and_labels_are_learned_from(run, few):
    short = replace(few, steps=3)
    _, log = run(short, unlabelled=())
    assert [e["warning"] for e in log if "warning" in e] == [NO_PICTURES]
    assert steps(log) == steps(run(replace(short, unlabelled=0.0))[1])


def test_their_labels_are_never_looked_at(run, examples, few):
    shown = [replace(e, mask=np.zeros((70, 90), np.uint8)) for e in examples[2:5]]
    assert steps(run(unlabelled=shown)[1]) == steps(run()[1])


@pytest.mark.parametrize("changes", [{}, {"average": 0.0, "accumulate": 2}, {"unlabelled": 2.5}])
def test_an_interrupted_run_goes_on_as_if_it_had_not_been(run, few, tmp_path, changes):
    settings = replace(few, **changes)
    whole, log = run(settings)
    path = tmp_path / "checkpoint.pt"

    def interrupt(entry):
        if entry["step"] == 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(settings, checkpoint=path, log=interrupt)
    rest, rest_log = run(settings, checkpoint=path)
    assert steps(rest_log) == steps(log)[4:]
    assert all(torch.equal(whole.state[key], rest.state[key]) for key in whole.state)


def test_a_run_does_not_go_on_with_other_pictures_without_labels(run, few, examples, tmp_path):
    path = tmp_path / "checkpoint.pt"

    def interrupt(entry):
        if entry["step"] == 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(checkpoint=path, log=interrupt)
    for others in ((), examples[2:4]):
        with pytest.raises(UserError, match="without labels have changed"):
            run(checkpoint=path, unlabelled=others)


def test_memory_that_runs_out_in_a_lesson_halves_the_batch(run, few, monkeypatch):
    true, sizes = Teacher._loss, []

    def limited(self, student, hard, targets, shown):
        sizes.append(len(hard))
        if len(hard) > 2:
            raise RuntimeError("CUDA out of memory. Tried to allocate 2 GiB")
        return true(self, student, hard, targets, shown)

    monkeypatch.setattr(Teacher, "_loss", limited)
    _, log = run(replace(few, steps=2))
    assert sizes == [4, 2, 2, 2, 2]
    assert len(steps(log)) == 2


def test_a_loss_that_is_no_number_names_the_pictures(run, monkeypatch):
    true = Teacher._loss

    def spoiled(self, student, hard, targets, shown):
        loss, sure = true(self, student, hard, targets, shown)
        return loss * math.nan, sure

    monkeypatch.setattr(Teacher, "_loss", spoiled)
    with pytest.raises(Unfinished, match=r"no longer a number after 0 steps, at .*[2-4]\.png"):
        run()


def test_the_teacher_is_the_average_and_does_not_learn_by_itself(run, few, monkeypatch):
    seen = []
    true = Teacher._named

    def watched(self, average, easy):
        seen.append((average.training, any(p.requires_grad for p in average.parameters())))
        return true(self, average, easy)

    monkeypatch.setattr(Teacher, "_named", watched)
    run(replace(few, steps=2))
    assert seen == [(False, False)] * 2


def test_lessons_that_weigh_nothing_leave_the_labels_the_first_step(run, few):
    """Only batch normalisation notices that other crops have passed."""
    weightless = replace(few, steps=1, unlabelled_weight=0.0)
    plain, taught = run(replace(weightless, unlabelled=0.0))[0], run(weightless)[0]
    for (name, a), b in zip(
        plain.module().named_parameters(), taught.module().parameters(), strict=True
    ):
        assert torch.equal(a, b), name


@pytest.mark.parametrize("network", ["ddrnet23_slim", "fast_scnn"])
def test_the_smallest_batches_are_enough_for_batch_normalisation(run, few, network):
    """At 1/64 of 32 pixels each channel has one value a crop."""
    smallest = replace(few, network=network, batch=2, crop=32, unlabelled=0.1, steps=2)
    _, log = run(smallest)
    assert all(math.isfinite(value) for step in steps(log) for value in step)


def scene(seed, labelled=True, light=0.0):
    """Return a picture of three bright boxes in another light, or such a one without labels."""
    rng = np.random.default_rng(seed)
    mask = np.zeros((70, 90), np.uint8)
    for _ in range(3):
        row, column = rng.integers(5, 45), rng.integers(5, 65)
        height, width = rng.integers(12, 24, 2)
        mask[row : row + height, column : column + width] = 7
    pixels = rng.normal(90 + rng.uniform(-light, light), 12, (70, 90, 3))
    pixels += 45 * (mask == 7)[:, :, None] * np.array([1, 0.6, 0.2])
    blank = np.full_like(mask, 255)
    return Example(str(seed), pixels.clip(0, 255).astype(np.uint8), mask if labelled else blank)


def test_it_does_no_harm_where_two_pictures_have_labels(run, few):
    """Over two seeds: what is learned from thirty pictures in another light, never labelled."""
    parts = {
        "examples": [scene(n) for n in range(2)],
        "unlabelled": [scene(100 + n, labelled=False, light=60) for n in range(30)],
        "holdout": [scene(1000 + n, light=60) for n in range(8)],
    }
    settings = replace(few, steps=80, evaluations=1, confidence=0.9, ramp=0.3, augment=("flip",))
    gains = []
    for seed in (0, 1):
        plain, taught = (
            run(replace(settings, unlabelled=crops, seed=seed), **parts)[0].card.metrics["miou"]
            for crops in (0.0, 1.0)
        )
        gains.append(taught - plain)
    assert sum(gains) / 2 > -0.05
