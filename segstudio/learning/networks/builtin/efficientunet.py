"""U-Net on EfficientNet, from b0 to b4."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from segstudio.learning.networks.fields import dropout_field, frozen_field, width_field
from segstudio.learning.networks.network import networks, scaled

if TYPE_CHECKING:
    from torch import nn

DECODER = (256, 128, 64, 32, 16)
"""Channels of the five steps up."""


@dataclass(frozen=True)
class EfficientUNet0:
    """U-Net whose encoder is EfficientNet-b0: better than the plain one at a tenth of the work."""

    title: ClassVar[str] = "EfficientUNet-b0"
    source: ClassVar[str] = "Tan & Le 2019, arXiv:1905.11946; in a U-Net: S1, 2025"
    stride: ClassVar[int] = 32
    scale: ClassVar[int] = 0

    width: float = width_field(least=0.125)
    frozen: bool = frozen_field()
    dropout: float = dropout_field(0.0)

    def build(self, bands: int, classes: int) -> "nn.Module":
        from segstudio.learning.networks.efficientnet import EfficientNet
        from segstudio.learning.networks.efficientunet import EfficientUNet

        encoder = EfficientNet(bands, self.scale, self.width)
        decoder = tuple(scaled(n, self.width) for n in DECODER)
        return EfficientUNet(encoder, classes, decoder, self.dropout, self.frozen)


@dataclass(frozen=True)
class EfficientUNet1(EfficientUNet0):
    """U-Net on EfficientNet-b1: deeper."""

    title: ClassVar[str] = "EfficientUNet-b1"
    scale: ClassVar[int] = 1


@dataclass(frozen=True)
class EfficientUNet2(EfficientUNet0):
    """U-Net on EfficientNet-b2: deeper and wider."""

    title: ClassVar[str] = "EfficientUNet-b2"
    scale: ClassVar[int] = 2


@dataclass(frozen=True)
class EfficientUNet3(EfficientUNet0):
    """U-Net on EfficientNet-b3: deeper and wider still."""

    title: ClassVar[str] = "EfficientUNet-b3"
    scale: ClassVar[int] = 3


@dataclass(frozen=True)
class EfficientUNet4(EfficientUNet0):
    """U-Net on EfficientNet-b4, the best of S1, as slow to train as the plain U-Net."""

    title: ClassVar[str] = "EfficientUNet-b4"
    scale: ClassVar[int] = 4


networks.enter("efficientunet_b0", EfficientUNet0)
networks.enter("efficientunet_b1", EfficientUNet1)
networks.enter("efficientunet_b2", EfficientUNet2)
networks.enter("efficientunet_b3", EfficientUNet3)
networks.enter("efficientunet_b4", EfficientUNet4)
