"""PIDNet's fusions do what the paper says, and it learns from one picture at a time."""

import torch

from segstudio.learning.networks.network import networks
from segstudio.learning.networks.pidnet import Fusion, Guided


def test_one_picture_is_enough_for_a_step():
    torch.manual_seed(0)
    module = networks["pidnet_s"](width=0.25).build(3, 2).train()
    sum(logits.sum() for logits in module(torch.rand(1, 3, 128, 96))).backward()
    assert all(p.grad is not None for p in module.parameters())


def test_guidance_lies_between_detail_and_context():
    torch.manual_seed(0)
    guided = Guided(8, 4).eval()
    detail, context = torch.zeros(1, 8, 12, 10), torch.ones(1, 8, 6, 5)
    with torch.inference_mode():
        # Features without anything in common: half of each.
        assert torch.allclose(guided(detail, context), torch.full((1, 8, 12, 10), 0.5))


def test_boundaries_take_the_detail_and_the_rest_the_context():
    torch.manual_seed(0)
    fusion = Fusion(8).eval()
    detail, context = torch.rand(2, 1, 8, 6, 6)
    sure = torch.full((1, 8, 6, 6), 100.0)
    with torch.inference_mode():
        inside = fusion(detail, context, -sure)
        edge = fusion(detail, context, sure)
        assert torch.allclose(inside, fusion.detail(detail + context) + fusion.context(context))
        assert torch.allclose(edge, fusion.detail(detail) + fusion.context(context + detail))
