"""Scale-CNN is the paper's network, with or without a normalisation that adds no parameter."""

import pytest
import torch

from segstudio.learning.networks.network import networks

PUBLISHED = {"scale_cnn_s": 181_027, "scale_cnn_m": 721_475, "scale_cnn_l": 2_880_643}


@pytest.mark.parametrize("norm", [True, False])
@pytest.mark.parametrize(("name", "parameters"), PUBLISHED.items())
def test_parameters_are_those_of_the_paper_to_the_last(name, parameters, norm):
    with torch.device("meta"):
        module = networks[name](norm=norm).build(3, 3)
    assert sum(p.numel() for p in module.parameters()) == parameters


def test_a_signal_neither_fades_nor_grows_on_its_way():
    torch.manual_seed(0)
    module = networks["scale_cnn_m"](norm=False).build(3, 3).eval()
    with torch.inference_mode():
        x = torch.randn(2, 3, 64, 64)
        features = module.up(module.down(x))
    assert 0.3 < features.square().mean().sqrt() < 3
