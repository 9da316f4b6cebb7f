import pytest
import torch

from segstudio.learning.networks.mobilenet import MobileNetV3
from segstudio.learning.networks.network import divisible

PUBLISHED = {"large": (5_483_032, 1280), "small": (2_542_856, 1024)}
"""Parameters with a classifier of 1000 whole pictures, as torchvision says; its hidden layer."""


def on_paper(size):
    with torch.device("meta"):
        return MobileNetV3(3, size)


@pytest.mark.parametrize("size", PUBLISHED)
def test_it_has_the_parameters_of_the_published_network(size):
    encoder = on_paper(size)
    parameters, hidden = PUBLISHED[size]
    own = sum(p.numel() for p in encoder.parameters())
    assert own + (encoder.channels[-1] + 1) * hidden + (hidden + 1) * 1000 == parameters


def test_parameters_are_named_as_torchvision_names_them():
    shapes = {key: tuple(value.shape) for key, value in on_paper("large").state_dict().items()}
    expected = {
        "features.0.0.weight": (16, 3, 3, 3),
        "features.0.1.running_mean": (16,),
        "features.1.block.0.0.weight": (16, 1, 3, 3),
        "features.1.block.1.0.weight": (16, 16, 1, 1),
        "features.4.block.0.0.weight": (72, 24, 1, 1),
        "features.4.block.2.fc1.weight": (24, 72, 1, 1),
        "features.4.block.2.fc2.bias": (72,),
        "features.4.block.3.1.weight": (40,),
        "features.15.block.1.0.weight": (960, 1, 5, 5),
        "features.16.0.weight": (960, 160, 1, 1),
    }
    assert {key: shapes.get(key) for key in expected} == expected
    assert len(shapes) == 308  # torchvision's 312 without its classifier
    assert on_paper("small").state_dict()["features.1.block.1.fc1.weight"].shape == (8, 16, 1, 1)


@pytest.mark.parametrize("size", PUBLISHED)
def test_maps_are_as_much_smaller_as_it_says_and_stop_at_a_sixteenth(size):
    encoder = MobileNetV3(5, size, 0.25).eval()
    with torch.inference_mode():
        maps = encoder(torch.zeros(1, 5, 64, 96))
    assert encoder.strides == [2, 4, 8, 16, 16, 16]
    assert [m.shape[2:] for m in maps] == [(64 // s, 96 // s) for s in encoder.strides]
    assert [m.shape[1] for m in maps] == encoder.channels


def test_blocks_of_the_last_stage_look_twice_as_far():
    convolutions = {
        place: [m for m in part.modules() if isinstance(m, torch.nn.Conv2d)]
        for place, part in enumerate(on_paper("large").features)
    }
    wide = {place for place, found in convolutions.items() if any(c.dilation[0] > 1 for c in found)}
    assert wide == {13, 14, 15}


def test_channels_are_rounded_to_eight_but_never_lose_a_tenth():
    assert [divisible(n) for n in (3, 18, 19.2, 22.4, 33.6, 123.2, 30)] == [
        8, 24, 24, 24, 32, 120, 32,
    ]  # fmt: skip
