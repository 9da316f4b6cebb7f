from dataclasses import replace

import numpy as np
import pytest
import torch

from segstudio.domain.task import Cancelled, Quiet
from segstudio.learning import calibration
from segstudio.learning.calibration import (
    COLDEST,
    HOTTEST,
    calibrated,
    cross_entropy,
    temperature,
)
from segstudio.learning.dataset import Cache
from segstudio.learning.evaluation import Evaluation
from segstudio.learning.training import train


def drawn(hotter, classes=4, count=20_000):
    """Return logits that are ``hotter`` times too large for what is right."""
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 1.5, (count, classes)).astype(np.float32)
    chances = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    targets = (rng.random((count, 1)) > chances.cumsum(1)).sum(1).clip(0, classes - 1)
    return logits * np.float32(hotter), targets


@pytest.mark.parametrize("hotter", [0.7, 1.0, 3.0])
def test_the_temperature_undoes_what_is_too_sure_or_too_unsure(hotter):
    logits, targets = drawn(hotter)
    found = temperature(logits, targets)
    assert found == pytest.approx(hotter, rel=0.05)
    tried = [cross_entropy(logits, targets, t) for t in np.geomspace(COLDEST, HOTTEST, 200)]
    assert cross_entropy(logits, targets, found) <= min(tried) + 1e-6


def test_the_cross_entropy_is_that_of_torch():
    logits, targets = drawn(2.0, count=50)
    expected = torch.nn.functional.cross_entropy(
        torch.from_numpy(logits) / 1.7, torch.from_numpy(targets)
    )
    assert cross_entropy(logits, targets, 1.7) == pytest.approx(float(expected), rel=1e-5)


def test_few_pixels_that_are_right_do_not_make_it_certain():
    logits = np.array([[5, 0], [0, 5]], np.float32)
    assert temperature(logits, np.array([0, 1])) == pytest.approx(COLDEST, rel=0.01)
    assert temperature(logits, np.array([1, 0])) == pytest.approx(HOTTEST, rel=0.01)


def test_what_is_no_number_leaves_the_temperature_at_1():
    logits = np.full((5, 3), np.nan, np.float32)
    assert temperature(logits, np.zeros(5, np.int64)) == 1.0


def test_a_training_ends_with_the_temperature_of_what_was_held_back(examples, classes, tiny):
    trained = train(examples[:4], examples[4:], classes, replace(tiny, steps=6))
    found = trained.card.temperature
    assert found != 1.0
    evaluation = Evaluation(trained.card, examples[4:], Cache(examples[4:]))
    logits, targets = calibration._sampled(
        trained.module(), evaluation, torch.device("cpu"), Quiet()
    )
    assert logits.shape == (len(targets), 2)
    assert set(np.unique(targets)) == {0, 1}
    least = cross_entropy(logits, targets, found)
    beside = [t for t in (found * 1.1, found / 1.1) if COLDEST < t < HOTTEST]
    assert beside
    assert all(least < cross_entropy(logits, targets, t) for t in beside)


def test_sampled_logits_are_those_of_the_labelled_pixels(examples, classes, tiny, monkeypatch):
    trained = train(examples[:4], examples[4:], classes, replace(tiny, steps=2))
    one = examples[4:5]
    evaluation = Evaluation(replace(trained.card, tile=32, halo=16), one, Cache(one))
    module = trained.module()
    monkeypatch.setattr(calibration, "PIXELS", 500)
    logits, targets = calibration._sampled(module, evaluation, torch.device("cpu"), Quiet())
    known = np.flatnonzero(one[0].read_mask() != 255)
    step = -(-len(known) // 500)
    right = (one[0].read_mask().ravel()[known[::step]] == 7).astype(np.int64)
    assert np.array_equal(targets, right)
    assert np.isfinite(logits).all()
    assert logits.any(1).all()


def test_nothing_held_back_leaves_the_temperature_alone(examples, classes, tiny):
    assert train(examples, [], classes, replace(tiny, steps=2)).card.temperature == 1.0


def test_it_can_be_cancelled(examples, classes, tiny):
    trained = train(examples[:4], examples[4:], classes, replace(tiny, steps=2))

    class Stopped(Quiet):
        def report(self, done, total, text):
            raise Cancelled

    evaluation = Evaluation(trained.card, examples[4:], Cache(examples[4:]))
    with pytest.raises(Cancelled):
        calibrated(trained, evaluation, torch.device("cpu"), Stopped())
