"""U-Net on ResNet-50."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from segstudio.learning.networks.fields import dropout_field, frozen_field, width_field
from segstudio.learning.networks.network import networks, scaled

if TYPE_CHECKING:
    from torch import nn


@networks.add
@dataclass(frozen=True)
class UNetResNet50:
    """U-Net whose encoder is ResNet-50 without its last layer, free or frozen."""

    title: ClassVar[str] = "U-Net, ResNet-50"
    source: ClassVar[str] = "Ronneberger et al. 2015, arXiv:1505.04597; on ResNet-50: S4"
    stride: ClassVar[int] = 16

    width: float = width_field(least=0.125)
    frozen: bool = frozen_field()
    dropout: float = dropout_field(0.0)

    def build(self, bands: int, classes: int) -> "nn.Module":
        from segstudio.learning.networks.resnet import ResNet
        from segstudio.learning.networks.unet import Style
        from segstudio.learning.networks.unet_resnet import DEPTH, UNetResNet

        encoder = ResNet(bands, 50, self.width, DEPTH)
        channels = tuple(scaled(n, self.width) for n in (64, 128, 256, 512))
        style = Style(elu=False, dropout=self.dropout)
        return UNetResNet(encoder, bands, classes, channels, style, self.frozen)
