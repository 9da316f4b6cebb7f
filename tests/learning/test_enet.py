"""ENet takes any number of bands, and its branches begin small."""

import pytest
import torch

from segstudio.learning.networks.enet import Branch, Initial
from segstudio.learning.networks.network import networks


@pytest.mark.parametrize("bands", [1, 3, 13, 40])
def test_the_first_block_keeps_the_bands_and_convolves_too(bands):
    initial = Initial(bands, 16).eval()
    with torch.inference_mode():
        assert initial(torch.rand(1, bands, 8, 8)).shape == (1, initial.channels, 4, 4)
    assert initial.conv.out_channels >= 8


def test_logits_begin_moderate():
    torch.manual_seed(0)
    module = networks["enet"]().build(3, 4).eval()
    with torch.inference_mode():
        assert module(torch.randn(1, 3, 64, 64)).abs().max() < 50
    assert sum(isinstance(part, Branch) for part in module.modules()) == 27
