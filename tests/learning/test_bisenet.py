"""BiSeNetV2's branches meet at 1/8, and the wide head of the paper is a setting."""

import torch

from segstudio.learning.networks.bisenet import GatherExpand, GuidedAggregation
from segstudio.learning.networks.network import networks


def test_every_stage_of_the_semantic_branch_is_supervised():
    torch.manual_seed(0)
    module = networks["bisenetv2"](width=0.25).build(3, 2).train()
    sides = [tuple(x.shape[2:]) for x in module(torch.rand(1, 3, 64, 96))]
    assert sides == [(8, 12), (16, 24), (8, 12), (4, 6), (2, 3)]


def test_the_head_of_the_paper_adds_a_million_parameters():
    with torch.device("meta"):
        narrow, wide = (networks["bisenetv2"](head=n).build(3, 19) for n in (128, 1024))
    more = sum(p.numel() for p in wide.parameters()) - sum(p.numel() for p in narrow.parameters())
    assert more == (1024 - 128) * (9 * 128 + 2 + 19)


def test_gather_and_expand_adds_to_its_shortcut():
    torch.manual_seed(0)
    layer = GatherExpand(8, 8).eval()
    torch.nn.init.zeros_(layer.branch[-1][1].weight)
    x = torch.rand(1, 8, 5, 7)
    with torch.inference_mode():
        assert torch.equal(layer(x), x)
        assert GatherExpand(8, 16, 2).eval()(x).shape == (1, 16, 3, 4)


def test_each_branch_can_silence_the_other():
    torch.manual_seed(0)
    aggregation = GuidedAggregation(8).eval()
    detail, semantic = torch.rand(1, 8, 16, 12), torch.rand(1, 8, 4, 3)
    with torch.inference_mode():
        for gate in (aggregation.semantic_up, aggregation.semantic[0]):
            gate[1].weight.zero_()
            gate[1].bias.fill_(-100.0)
        aggregation.semantic[1].weight.copy_(torch.eye(8)[:, :, None, None])
        silent = aggregation(detail, semantic)
        assert torch.equal(silent, aggregation(torch.rand_like(detail), semantic))
