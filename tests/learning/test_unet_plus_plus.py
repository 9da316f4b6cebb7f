"""U-Net++ supervises every depth, and only while training."""

import torch

from segstudio.learning.networks.network import networks
from segstudio.learning.networks.unet import Style
from segstudio.learning.networks.unet_plus_plus import UNetPlusPlus


def test_there_is_a_head_for_every_depth_while_training():
    torch.manual_seed(0)
    module = networks["unet_plus_plus"](width=0.125).build(3, 2).train()
    assert [x.shape for x in module(torch.rand(2, 3, 35, 50))] == [(2, 2, 35, 50)] * 4


def test_without_supervision_there_is_one_head():
    torch.manual_seed(0)
    module = networks["unet_plus_plus"](width=0.125, supervision=False).build(3, 2).train()
    assert len(module(torch.rand(2, 3, 32, 32))) == 1
    assert not [key for key, _ in module.named_parameters() if key.startswith("auxiliary")]


def test_each_depth_sees_only_the_levels_above_it():
    """The head of depth one must not change with the weights of the levels below its own."""
    torch.manual_seed(0)
    module = UNetPlusPlus(3, 2, (4, 4, 4), Style(elu=False, norm=False), True).train()
    x = torch.rand(1, 3, 16, 16)
    deep, shallow = module(x)
    with torch.no_grad():
        for parameter in module.down[2].parameters():
            parameter.add_(0.1)
    deeper, same = module(x)
    assert torch.equal(shallow, same)
    assert not torch.equal(deep, deeper)
