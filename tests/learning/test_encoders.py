"""Encoders are those that others publish weights of: the same names, the same shapes."""

import pytest
import torch

from segstudio.learning.networks.fcn import PLAN, Vgg16
from segstudio.learning.networks.resnet import Body, ResNet


def names_of(module):
    return {key: tuple(value.shape) for key, value in module.state_dict().items()}


def parameters(module):
    return sum(p.numel() for p in module.parameters())


# Tensors in the state and numbers to learn of torchvision 0.28's networks without ``fc``.
@pytest.mark.parametrize(
    ("layers", "tensors", "numbers"),
    [
        (18, 120, 11_176_512),
        (34, 216, 21_284_672),
        (50, 318, 23_508_032),
        (101, 624, 42_500_160),
    ],
)
def test_resnet_is_torchvisions(layers, tensors, numbers):
    with torch.device("meta"):
        encoder = ResNet(3, layers)
    assert (len(names_of(encoder)), parameters(encoder)) == (tensors, numbers)


def test_resnet_has_the_names_of_torchvision():
    with torch.device("meta"):
        names = names_of(ResNet(3, 50))
    assert names["conv1.weight"] == (64, 3, 7, 7)
    assert names["bn1.running_var"] == (64,)
    assert names["layer1.0.downsample.0.weight"] == (256, 64, 1, 1)
    assert names["layer3.5.conv2.weight"] == (256, 256, 3, 3)
    assert names["layer4.0.downsample.1.num_batches_tracked"] == ()
    assert names["layer4.2.bn3.bias"] == (2048,)


def test_vgg_is_torchvisions():
    with torch.device("meta"):
        encoder = Vgg16(3, tuple(n for n, _ in PLAN))
    names = names_of(encoder)
    assert (len(names), parameters(encoder)) == (91, 14_723_136)
    assert names["features.0.weight"] == (64, 3, 3, 3)
    assert names["features.40.weight"] == (512, 512, 3, 3)
    assert names["features.41.running_mean"] == (512,)


@pytest.mark.parametrize("layers", [18, 50])
@pytest.mark.parametrize(
    ("stride", "sides"), [(32, [32, 16, 8, 4, 2]), (16, [32, 16, 8, 4, 4]), (8, [32, 16, 8, 8, 8])]
)
def test_resnet_keeps_its_size_beyond_the_output_stride(layers, stride, sides):
    encoder = ResNet(3, layers, 0.125, output_stride=stride).eval()
    maps = encoder(torch.zeros(1, 3, 64, 64))
    assert [len(m[0, 0]) for m in maps] == sides
    assert [m.shape[1] for m in maps] == encoder.channels
    dilations = {m.dilation[0] for m in encoder.modules() if isinstance(m, torch.nn.Conv2d)}
    assert dilations == {n for n in (1, 2, 4) if n <= 32 // stride}


def test_a_factorised_resnet_has_a_fraction_of_the_parameters_and_the_same_strides():
    plain, light = ResNet(3, 18), ResNet(3, 18, body=Body(factorised=True))
    assert parameters(light) < parameters(plain) / 15
    maps = light.eval()(torch.zeros(1, 3, 64, 64))
    assert [len(m[0, 0]) for m in maps] == [16, 16, 8, 4, 2]


def test_an_encoder_without_normalisation_keeps_its_signal():
    torch.manual_seed(0)
    encoder = ResNet(3, 101, 0.25, body=Body(norm=False))
    assert not any(isinstance(m, torch.nn.BatchNorm2d) for m in encoder.modules())
    last = encoder(torch.randn(2, 3, 64, 64))[-1]
    assert 1e-3 < last.std() < 1e3
