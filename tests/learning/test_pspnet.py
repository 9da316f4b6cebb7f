"""Each reduction of Strueva's study (S2) is a switch of PSPNet."""

import pytest
import torch

from segstudio.learning.networks.network import networks
from segstudio.settings import build


def pspnet(**settings):
    torch.manual_seed(0)
    return build(networks["pspnet_resnet18"], {"width": 0.5} | settings).build(3, 2)


def norms(module):
    return sum(isinstance(m, torch.nn.BatchNorm2d) for m in module.modules())


@pytest.mark.parametrize(
    "settings",
    [
        {"encoder_depth": 1},
        {"encoder_depth": 2},
        {"encoder_depth": 5},
        {"encoder_norm": False},
        {"decoder_norm": False},
        {"factorised": True},
        {"factorised": True, "encoder_norm": False, "decoder_norm": False, "decoder_width": 256},
    ],
    ids=str,
)
def test_a_reduced_network_segments_and_learns(settings):
    module = pspnet(**settings)
    with torch.inference_mode():
        assert module.eval()(torch.zeros(1, 3, 65, 41)).shape == (1, 2, 65, 41)
    x = torch.randn(2, 3, 64, 64)
    (logits,) = module.train()(x)
    (logits * torch.randn_like(logits)).sum().backward()
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in module.parameters())


def test_normalisation_is_left_out_side_by_side():
    module = pspnet(encoder_norm=False)
    assert norms(module.encoder) == 0
    assert norms(module) > 0
    module = pspnet(decoder_norm=False)
    assert norms(module) == norms(module.encoder) > 0


def test_every_reduction_makes_it_smaller():
    def count(**settings):
        return sum(p.numel() for p in pspnet(width=1.0, **settings).parameters())

    whole = count()
    assert count(decoder_width=256) < whole
    assert count(decoder_width=128) < count(decoder_width=256)
    assert count(encoder_depth=2) < whole
    assert count(encoder_depth=1) < count(encoder_depth=2)
    assert count(factorised=True) < whole / 4
    assert count(decoder_norm=False) < whole
    assert count(encoder_norm=False) < whole
