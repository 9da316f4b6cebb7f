from dataclasses import replace

import pytest
import torch
from torch import nn

from segstudio.learning.optimisers import optimiser_of
from segstudio.learning.settings import TrainSettings

SETTINGS = TrainSettings(learning_rate=0.1, weight_decay=0.5)


def network():
    torch.manual_seed(0)
    return nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2))


def stepped(**changes):
    """Return a convolution's weight before and after a step along a gradient of ones."""
    module = network()
    optimiser = optimiser_of(module, replace(SETTINGS, **changes))
    before = module[0].weight.detach().clone()
    for parameter in module.parameters():
        parameter.grad = torch.ones_like(parameter)
    optimiser.step()
    return before, module[0].weight.detach()


def test_sgd_goes_against_the_gradient_and_the_decay():
    before, after = stepped(optimiser="sgd", momentum=0.0)
    assert torch.allclose(after, before - 0.1 * (1 + 0.5 * before))
    before, after = stepped(optimiser="sgd", momentum=0.9, weight_decay=0.0)
    assert torch.allclose(after, before - 0.1 * 1.9)  # Nesterov looks ahead
    before, after = stepped(optimiser="sgd", momentum=0.9, weight_decay=0.0, nesterov=False)
    assert torch.allclose(after, before - 0.1)


def test_adamw_takes_the_decay_off_the_weights_and_adam_adds_it_to_the_gradient():
    before, after = stepped(optimiser="adamw")
    assert torch.allclose(after, before * (1 - 0.05) - 0.1, atol=1e-5)
    before, after = stepped(optimiser="adam")
    assert torch.allclose(after, before - 0.1 * torch.sign(1 + 0.5 * before), atol=1e-5)


@pytest.mark.parametrize("optimiser", ["adamw", "adam", "sgd"])
def test_norms_and_biases_do_not_decay_and_what_is_frozen_is_left_out(optimiser):
    module = network()
    module[0].bias.requires_grad_(False)
    weights, others = optimiser_of(module, replace(SETTINGS, optimiser=optimiser)).param_groups
    assert (weights["weight_decay"], others["weight_decay"]) == (0.5, 0.0)
    assert [p.ndim for p in weights["params"]] == [4]
    assert len(others["params"]) == 2
