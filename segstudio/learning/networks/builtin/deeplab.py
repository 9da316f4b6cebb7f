"""DeepLabv3+ on two ResNets."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from segstudio.learning.networks.fields import dropout_field, frozen_field, width_field
from segstudio.learning.networks.network import networks, scaled

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True)
class DeepLab50:
    """Dilated convolutions see far at 1/16; features at 1/4 sharpen the borders."""

    title: ClassVar[str] = "DeepLabv3+, ResNet-50"
    source: ClassVar[str] = "Chen et al. 2018, arXiv:1802.02611"
    stride: ClassVar[int] = 16
    layers: ClassVar[int] = 50

    width: float = width_field(least=0.125)
    frozen: bool = frozen_field()
    dropout: float = dropout_field(0.1)

    def build(self, bands: int, classes: int) -> "nn.Module":
        from segstudio.learning.networks.deeplab import DeepLab
        from segstudio.learning.networks.resnet import ResNet

        encoder = ResNet(bands, self.layers, self.width, output_stride=16)
        decoder = scaled(256, self.width)
        return DeepLab(encoder, encoder.channels, 1, classes, decoder, self.dropout, self.frozen)


@dataclass(frozen=True)
class DeepLab18(DeepLab50):
    """DeepLabv3+ on ResNet-18."""

    title: ClassVar[str] = "DeepLabv3+, ResNet-18"
    layers: ClassVar[int] = 18


networks.enter("deeplabv3plus_resnet50", DeepLab50)
networks.enter("deeplabv3plus_resnet18", DeepLab18)
