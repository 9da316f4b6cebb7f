"""What every loss must do, and the formulas of those that are there."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from segstudio.errors import UserError
from segstudio.learning.losses.loss import (
    IGNORED,
    build_loss,
    class_weights,
    given_weights,
    losses,
)


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
    assert logits.grad[:, :, 4:].any((1, 2, 3)).all()
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


@pytest.mark.parametrize("name", list(losses))
def test_being_right_costs_less_than_not_knowing_and_that_less_than_being_wrong(name):
    targets = torch.arange(3).repeat(2, 8, 3)[:, :, :8]
    right = torch.nn.functional.one_hot(targets, 3).movedim(-1, 1).float() * 9
    costs = [
        losses[name]()(logits, targets, torch.ones(3))
        for logits in (right, right * 0, right.roll(1, 1))
    ]
    assert -1e-6 < costs[0] < costs[1] < costs[2]


@pytest.mark.parametrize("name", ["dice", "lovasz"])
def test_losses_of_regions_count_a_small_class_as_a_large_one(name):
    targets = torch.zeros(1, 20, 20, dtype=torch.long)
    targets[0, 0, :4] = 1
    missed = torch.stack([torch.full((1, 20, 20), 9.0), torch.zeros(1, 20, 20)], 1)
    cost = losses[name]()(missed, targets, torch.ones(2))
    assert 0.3 < cost < 0.55
    pixelwise = losses["cross_entropy"]()(missed, targets, torch.ones(2))
    assert pixelwise < 0.1


def test_dice_is_the_papers_formula(sample):
    logits, targets, weights = sample
    p, truth = logits.softmax(1), F.one_hot(targets, 3).movedim(-1, 1)
    overlap, sizes = (p * truth).sum((0, 2, 3)), (p**2).sum((0, 2, 3)) + truth.sum((0, 2, 3))
    expected = (1 - (2 * overlap + 2) / (sizes + 2)).mean()
    assert torch.isclose(losses["dice"](smooth=2.0)(logits, targets, weights), expected)


def test_lovasz_of_certain_predictions_is_one_minus_the_mean_iou():
    torch.manual_seed(1)
    targets, guessed = torch.randint(0, 3, (2, 1, 8, 8))
    logits = F.one_hot(guessed, 3).movedim(-1, 1) * 1e4
    hit = [((targets == c) & (guessed == c)).sum() for c in range(3)]
    union = [((targets == c) | (guessed == c)).sum() for c in range(3)]
    expected = 1 - sum(h / u for h, u in zip(hit, union, strict=True)) / 3
    assert torch.isclose(losses["lovasz"]()(logits, targets, torch.ones(3)), expected)


def test_ohem_counts_the_unsure_pixels_and_at_least_some(sample):
    logits, targets, weights = sample
    each = F.cross_entropy(logits, targets, reduction="none")
    unsure = each[logits.softmax(1).gather(1, targets[:, None])[:, 0] <= 0.7]
    assert 0 < len(unsure) < each.numel()
    found = losses["ohem"](sure=0.7)(logits, targets, weights)
    assert torch.isclose(found, unsure.mean())
    hardest = each.flatten().topk(16).values
    found = losses["ohem"](sure=0.05, least=1 / 8)(logits, targets, weights)
    assert torch.isclose(found, each[each >= min(hardest.min(), -np.log(0.05))].mean())
    everything = losses["ohem"](sure=1.0)(logits, targets, weights)
    assert torch.isclose(everything, each.mean())


def test_label_smoothing_is_that_of_torch(sample):
    logits, targets, weights = sample
    expected = F.cross_entropy(logits, targets, label_smoothing=0.1)
    found = losses["cross_entropy"](smoothing=0.1)(logits, targets, weights)
    assert torch.isclose(found, expected)


def test_a_sum_adds_its_parts_and_gives_settings_to_those_that_have_them(sample):
    both = build_loss("focal+dice", {"gamma": "1.5", "smooth": 3})
    expected = losses["focal"](gamma=1.5)(*sample) + losses["dice"](smooth=3.0)(*sample)
    assert torch.isclose(both(*sample), expected)


@pytest.mark.parametrize(
    ("formula", "values", "said"),
    [
        ("cross_entropy+dise", {}, "no loss called 'dise'"),
        ("", {}, "no loss called ''"),
        ("dice", {"gamma": 1}, "dice has no setting called 'gamma'"),
        ("focal", {"gamma": 9}, "gamma cannot be 9"),
    ],
)
def test_losses_and_settings_that_do_not_exist_are_refused(formula, values, said):
    with pytest.raises(UserError, match=said):
        build_loss(formula, values)


def test_given_weights_are_one_for_each_class():
    assert given_weights((1.0, 2.5), ["a", "b"]).tolist() == [1, 2.5]
    with pytest.raises(UserError, match="3 numbers for 2 classes") as error:
        given_weights((1.0, 2.0, 3.0), ["wall", "window"])
    assert "wall, window" in error.value.hint


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
