import copy
import math

import pytest
import torch
from torch import nn

from segstudio.learning.networks.network import networks
from segstudio.learning.untrained import look_at, without_pixels

NAMES = ["wall", "window", "door"]


class Plain(nn.Module):
    """Two convolutions, the second of which a test may spoil."""

    def __init__(self):
        super().__init__()
        self.body = nn.Conv2d(3, 8, 3, padding=1)
        self.norm = nn.BatchNorm2d(8)
        self.head = nn.Conv2d(8, 3, 1)

    def forward(self, x):
        return (self.head(self.norm(self.body(x)).relu()),)


@pytest.fixture
def look():
    torch.manual_seed(0)
    module, inputs = Plain(), torch.randn(4, 3, 16, 16)
    targets = torch.randint(0, 3, (4, 16, 16))

    def look(spoil=lambda module, inputs: None, **more):
        with torch.no_grad():
            spoil(module, inputs)
        return look_at(module, inputs, targets, NAMES, **more)

    look.module = module
    return look


def test_a_sound_network_knows_nothing_and_is_not_warned_of(look):
    before = copy.deepcopy(look.module.state_dict())
    seen = look()
    assert seen.warnings == ()
    assert seen.chance == pytest.approx(math.log(3))
    assert seen.loss == pytest.approx(seen.chance, rel=0.5)
    assert all(torch.equal(before[k], v) for k, v in look.module.state_dict().items())
    assert all(parameter.grad is None for parameter in look.module.parameters())


def black(module, inputs):
    inputs.zero_()


def too_large(module, inputs):
    module.head.weight.mul_(1e3)


def extreme(module, inputs):
    inputs.mul_(1e6)
    module.norm.register_forward_hook(lambda norm, given, out: given[0])


def no_number(module, inputs):
    module.head.weight.fill_(torch.nan)


def one_dead(module, inputs):
    module.head.weight[1] = 0


def all_dead(module, inputs):
    module.norm.bias.fill_(-1e3)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (black, "one colour all over"),
        (too_large, "its weights start too large"),
        (extreme, "extreme values"),
        (no_number, "its weights are no numbers"),
        (one_dead, "output for window is the same everywhere"),
        (all_dead, "no gradient reaches the network's first layer"),
    ],
)
def test_what_is_wrong_is_named_with_its_cause(look, spoil, said):
    assert any(said in warning for warning in look(spoil).warnings)


def test_knowing_something_is_a_fault_only_without_weights_from_a_file(look):
    with torch.no_grad():
        look.module.head.weight.mul_(1e-2)
        look.module.head.bias.copy_(torch.tensor([9.0, 0, 0]))
    targets = torch.zeros(4, 16, 16, dtype=torch.long)
    inputs = torch.randn(4, 3, 16, 16)
    assert any("favours" in w for w in look_at(look.module, inputs, targets, NAMES).warnings)
    assert look_at(look.module, inputs, targets, NAMES, given=True).warnings == ()


@pytest.mark.parametrize("name", ["ddrnet23_slim", "fast_scnn", "unet_16"])
def test_networks_of_this_program_are_not_warned_of(name):
    torch.manual_seed(0)
    module = networks[name](width=0.25).build(3, 3)
    inputs, targets = torch.randn(2, 3, 64, 64), torch.randint(0, 3, (2, 64, 64))
    assert look_at(module, inputs, targets, NAMES).warnings == ()


def test_classes_without_a_pixel_are_named():
    assert without_pixels([5, 1, 2], NAMES) is None
    assert "window or door" in without_pixels([5, 0, 0], NAMES)
