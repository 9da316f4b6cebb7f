"""HRNet's parameters are named as in published weight files, and its resolutions exchange."""

import torch

from segstudio.learning.networks.hrnet import Exchange, HRNet

CHANNELS = (16, 32, 64, 128)


def published():
    with torch.device("meta"):
        return HRNet(3, 64, 32, CHANNELS, (1, 2))


def test_weight_files_of_the_authors_and_of_timm_fit():
    shapes = {key: tuple(value.shape) for key, value in published().state_dict().items()}
    expected = {
        "conv1.weight": (64, 3, 3, 3),
        "bn2.running_mean": (64,),
        "layer1.0.conv3.weight": (128, 32, 1, 1),
        "layer1.0.downsample.0.weight": (128, 64, 1, 1),
        "transition1.0.0.weight": (16, 128, 3, 3),
        "transition1.1.0.0.weight": (32, 128, 3, 3),
        "transition2.2.0.0.weight": (64, 32, 3, 3),
        "stage2.0.branches.1.1.bn2.bias": (32,),
        "stage2.0.fuse_layers.0.1.0.weight": (16, 32, 1, 1),
        "stage3.0.fuse_layers.2.0.0.0.weight": (16, 16, 3, 3),
        "stage3.0.fuse_layers.2.0.1.0.weight": (64, 16, 3, 3),
        "stage4.0.fuse_layers.3.2.0.1.weight": (128,),
        "stage4.0.branches.3.0.conv1.weight": (128, 128, 3, 3),
    }
    assert {key: shapes.get(key) for key in expected} == expected
    assert not any(key.startswith(("transition2.0", "transition3.1")) for key in shapes)


def test_each_resolution_halves_the_one_before():
    maps = HRNet(1, 8, 8, (8, 8, 16), (1, 1)).eval()(torch.zeros(1, 1, 65, 33))
    assert [tuple(x.shape[1:]) for x in maps] == [(8, 17, 9), (8, 9, 5), (16, 5, 3)]


def test_every_resolution_hears_of_every_other():
    torch.manual_seed(0)
    exchange = Exchange((4, 8, 16), 1).eval()
    maps = [torch.rand(1, n, 16 >> level, 16 >> level) for level, n in enumerate((4, 8, 16))]
    before = exchange(maps)
    for place in range(3):
        changed = [x + (level == place) for level, x in enumerate(maps)]
        after = exchange(changed)
        assert [x.shape for x in after] == [x.shape for x in maps]
        assert not any(torch.equal(x, y) for x, y in zip(before, after, strict=True))
