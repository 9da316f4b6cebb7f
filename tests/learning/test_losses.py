"""What every loss must do, and the formulas of those that are there."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from segstudio.learning.losses.loss import IGNORED, class_weights, losses


@pytest.fixture
def sample():
    torch.manual_seed(0)
    logits = torch.randn(2, 3, 8, 8, requires_grad=True)
    return logits, torch.randint(0, 3, (2, 8, 8)), torch.ones(3)


@pytest.mark.parametrize("name", list(losses))
def test_ignored_pixels_do_not_count(name, sample):
    logits, targets, weights = sample
    targets[:, :4] = IGNORED
    loss = losses[name]()(logits, targets, weights)
    loss.backward()
    assert not logits.grad[:, :, :4].any()
    assert logits.grad[:, :, 4:].all()
    other = logits.detach().clone()
    other[:, :, :4] = 100
    assert torch.equal(losses[name]()(other, targets, weights), loss)


@pytest.mark.parametrize("name", list(losses))
def test_nothing_labelled_gives_zero(name, sample):
    logits, targets, weights = sample
    loss = losses[name]()(logits, torch.full_like(targets, IGNORED), weights)
    loss.backward()
    assert loss == 0
    assert not logits.grad.any()


@pytest.mark.parametrize("name", list(losses))
def test_certain_and_wrong_stays_finite(name, sample):
    _, targets, weights = sample
    logits = torch.zeros(2, 3, 8, 8).scatter_(1, (targets[:, None] + 1) % 3, 1e4).requires_grad_()
    loss = losses[name]()(logits, targets, weights)
    loss.backward()
    assert torch.isfinite(loss)
    assert torch.isfinite(logits.grad).all()


def test_cross_entropy_is_the_textbook_one(sample):
    logits, targets, weights = sample
    expected = F.cross_entropy(logits, targets)
    assert torch.isclose(losses["cross_entropy"]()(logits, targets, weights), expected)


def test_focal_is_the_papers_formula(sample):
    logits, targets, _ = sample
    weights = torch.tensor([1.0, 2.0, 0.5])
    p = logits.softmax(1).gather(1, targets[:, None])[:, 0]
    expected = (-weights[targets] * (1 - p) ** 2 * p.log()).mean()
    assert torch.isclose(losses["focal"](gamma=2.0)(logits, targets, weights), expected)


def test_focal_without_gamma_is_cross_entropy(sample):
    both = [part(*sample) for part in (losses["focal"](gamma=0.0), losses["cross_entropy"]())]
    assert torch.isclose(*both)


def test_class_weights():
    counts = [900, 90, 10, 0]
    assert class_weights(counts, 0).tolist() == [1, 1, 1, 1]
    full = class_weights(counts, 1)
    assert np.allclose(full[:3] * counts[:3], 1000 / 3)
    half = class_weights(counts, 0.5)
    assert half[2] / half[0] == pytest.approx(90**0.5)
    assert (half[:3] * counts[:3]).sum() == pytest.approx(1000)
    assert half[3] == 1
    assert class_weights([0, 0], 0.5).tolist() == [1, 1]
