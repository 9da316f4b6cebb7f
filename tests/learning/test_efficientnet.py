import pytest
import torch

from segstudio.learning.networks.efficientnet import EfficientNet

FEATURES = (1280, 1280, 1408, 1536, 1792)
"""Channels before the classifier of whole pictures, which an encoder does without."""

PUBLISHED = (5_288_548, 7_794_184, 9_109_994, 12_233_232, 19_341_616)
"""Parameters of b0 … b4 with that classifier, of 1000 classes, as torchvision and timm say."""


def on_paper(scale):
    with torch.device("meta"):
        return EfficientNet(3, scale)


@pytest.mark.parametrize("scale", range(5))
def test_it_has_the_parameters_of_the_published_network(scale):
    encoder = on_paper(scale)
    own = sum(p.numel() for p in encoder.parameters())
    features = FEATURES[scale]
    classifier = (encoder.channels[-1] + 2) * features + (features + 1) * 1000
    assert own + classifier == PUBLISHED[scale]


def test_parameters_are_named_as_timm_names_them():
    shapes = {key: tuple(value.shape) for key, value in on_paper(0).state_dict().items()}
    expected = {
        "conv_stem.weight": (32, 3, 3, 3),
        "bn1.running_var": (32,),
        "blocks.0.0.conv_dw.weight": (32, 1, 3, 3),
        "blocks.0.0.se.conv_reduce.bias": (8,),
        "blocks.0.0.conv_pw.weight": (16, 32, 1, 1),
        "blocks.0.0.bn2.bias": (16,),
        "blocks.2.1.conv_pw.weight": (240, 40, 1, 1),
        "blocks.2.1.conv_dw.weight": (240, 1, 5, 5),
        "blocks.2.1.se.conv_expand.weight": (240, 10, 1, 1),
        "blocks.6.0.conv_pwl.weight": (320, 1152, 1, 1),
        "blocks.6.0.bn3.num_batches_tracked": (),
    }
    assert {key: shapes.get(key) for key in expected} == expected
    assert len(shapes) == 352  # timm's 360 without conv_head, bn2 and classifier


def test_maps_halve_from_one_to_the_next():
    encoder = EfficientNet(5, 3, 0.25).eval()
    with torch.inference_mode():
        maps = encoder(torch.zeros(1, 5, 64, 96))
    assert [tuple(m.shape[2:]) for m in maps] == [(32, 48), (16, 24), (8, 12), (4, 6), (2, 3)]
    assert [m.shape[1] for m in maps] == encoder.channels


def test_blocks_that_keep_the_size_add_to_what_comes_in():
    """With its last normalisation silent such a block gives back what it is given."""
    encoder = EfficientNet(3).eval()
    block = encoder.blocks[1][1]
    torch.nn.init.zeros_(block.bn3.weight)
    x = torch.randn(1, 24, 8, 8)
    assert torch.equal(block(x), x)
    first = encoder.blocks[1][0]
    assert first(torch.randn(1, 16, 8, 8)).shape == (1, 24, 4, 4)


def test_all_gates_follow_the_whole_picture():
    gate = EfficientNet(3).blocks[0][0].se
    x = torch.rand(1, 32, 4, 4)
    weight = gate(x) / x
    assert torch.allclose(weight, weight[:, :, :1, :1].expand_as(weight))
    assert weight.min() > 0
    assert weight.max() < 1
    brighter = gate(torch.cat([x, x + 1], 3))[:, :, :, :4] / x
    assert not torch.allclose(brighter, weight)
