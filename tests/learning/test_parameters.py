"""Published networks have as many parameters as their papers say."""

from dataclasses import dataclass

import pytest
import torch

from segstudio.learning.networks.network import networks

EXACT = 0.005


@dataclass(frozen=True)
class Count:
    """Millions of parameters for a number of bands and classes, and who says so.

    Heads that serve training only are not counted. ``within`` is the share by which ours may
    differ: `EXACT` where the whole construction is given.
    """

    bands: int
    classes: int
    millions: float
    source: str
    within: float = 0.03


S0 = "Hmyria & Kravets 2024 (S0), as SOURCES reconstructs them"
PSP = "segmentation_models.pytorch 0.6 (S2's library), without the layers it leaves unused"
DEEPLAB = "segmentation_models.pytorch 0.6, output stride 16"
S3 = "Ran 2024 (S3)"
EFFICIENT = "segmentation_models.pytorch 0.6, timm's encoder, without the layers it leaves unused"

COUNTS = {
    "bisenetv2": Count(3, 19, 2.3, "PITFALLS, a head of 128 channels; the paper has 1024"),
    "ddrnet23_slim": Count(3, 19, 5.7, "Hong et al. 2021, table 2"),
    "deeplabv3plus_mobilenetv3": Count(3, 21, 4.713493, DEEPLAB, EXACT),
    "deeplabv3plus_resnet18": Count(3, 21, 12.334437, DEEPLAB, EXACT),
    "deeplabv3plus_resnet50": Count(3, 21, 26.682725, DEEPLAB, EXACT),
    "efficientunet_b0": Count(3, 8, 5.840324, EFFICIENT, EXACT),
    "efficientunet_b1": Count(3, 8, 8.34596, EFFICIENT, EXACT),
    "efficientunet_b2": Count(3, 8, 9.548874, EFFICIENT, EXACT),
    "efficientunet_b3": Count(3, 8, 12.567152, EFFICIENT, EXACT),
    "efficientunet_b4": Count(3, 8, 19.420304, EFFICIENT, EXACT),
    "enet": Count(3, 19, 0.37, "Paszke et al. 2016: a 79th of SegNet's 29.46"),
    "fast_scnn": Count(3, 19, 1.11, "Poudel et al. 2019, table 4"),
    "fcn8s": Count(3, 21, 134, "Long et al. 2015, table 1", EXACT),
    "hrnet_w18_small": Count(3, 19, 1.5, "HRNet-Semantic-Segmentation: HRNetV2-W18-Small-v1"),
    "lraspp_mobilenetv3": Count(3, 21, 3.221538, "torchvision 0.28", EXACT),
    "pidnet_s": Count(3, 19, 7.6, "Xu et al. 2023"),
    "pspnet_resnet101": Count(3, 2, 2.242498, PSP, EXACT),
    "pspnet_resnet18": Count(3, 2, 0.840994, PSP, EXACT),
    "pspnet_resnet34": Count(3, 2, 1.505826, PSP, EXACT),
    "pspnet_resnet50": Count(3, 2, 2.242498, PSP, EXACT),
    "scale_cnn_l": Count(3, 3, 2.880643, S3, EXACT),
    "scale_cnn_m": Count(3, 3, 0.721475, S3, EXACT),
    "scale_cnn_s": Count(3, 3, 0.181027, S3, EXACT),
    "unet_16": Count(3, 8, 31.04 / 16, "a sixteenth of the plain U-Net's"),
    "unet_8": Count(3, 8, 31.04 / 64, "a sixty-fourth of the plain U-Net's"),
    "unet_awdr": Count(3, 8, 55.32, S0, EXACT),
    "unet_baseline": Count(3, 8, 31.04, S0, EXACT),
    "unet_d": Count(3, 8, 62.47, S0, EXACT),
    "unet_plus_plus": Count(1, 1, 9.04, "Zhou et al. 2018", EXACT),
    "unet_r": Count(3, 8, 31.04, S0, EXACT),
    "unet_resnet50": Count(3, 34, 20.6, "S4 says 20 million; the sum is worked out below", EXACT),
    "unet_w": Count(3, 8, 60.8, S0, EXACT),
    "unet_wdr": Count(3, 8, 62.91, S0, EXACT),
}


def built(name, bands, classes):
    with torch.device("meta"):
        return networks[name]().build(bands, classes)


def counted(module):
    named = module.named_parameters()
    return sum(p.numel() for key, p in named if not key.startswith("auxiliary"))


def test_every_network_is_counted():
    assert set(COUNTS) == set(networks)


@pytest.mark.parametrize("name", COUNTS)
def test_parameters_are_those_published(name):
    known = COUNTS[name]
    found = counted(built(name, known.bands, known.classes)) / 1e6
    assert found == pytest.approx(known.millions, rel=known.within)


def test_unet_on_resnet50_is_an_encoder_of_8_5_million_and_a_classic_decoder():
    """S4 prints 20 million in all and 8.5 million to train, "the rest ResNet's".

    ResNet-50 up to 1/16 has 8.54 million: the two were swapped. The decoder is U-Net's own.
    """
    module = built("unet_resnet50", 3, 34)
    steps = ((1024, 512, 512), (512, 256, 256), (256, 64, 128), (128, 3, 64))
    decoder = 64 * 34 + 34
    for below, skip, wide in steps:
        up = 4 * below * wide + wide
        decoder += up + 9 * (skip + wide) * wide + 9 * wide * wide + 4 * wide
    encoder = counted(module.encoder)
    assert encoder == 23_508_032 - 14_964_736  # torchvision's ResNet-50 without layer4
    assert counted(module) == encoder + decoder
