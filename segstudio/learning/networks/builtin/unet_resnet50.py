"""U-Net on ResNet-50."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

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

    width: float = field(
        default=1.0, metadata={"label": "Width", "range": (0.125, 4), "step": 0.125}
    )
    frozen: bool = field(
        default=False, metadata={"label": "Frozen encoder", "help": "it keeps its weights"}
    )
    dropout: float = field(default=0.0, metadata={"label": "Dropout", "range": (0, 0.9)})

    def build(self, bands: int, classes: int) -> "nn.Module":
        from segstudio.learning.networks.resnet import ResNet
        from segstudio.learning.networks.unet import Style
        from segstudio.learning.networks.unet_resnet import DEPTH, UNetResNet

        encoder = ResNet(bands, 50, self.width, DEPTH)
        channels = tuple(scaled(n, self.width) for n in (64, 128, 256, 512))
        style = Style(elu=False, dropout=self.dropout)
        return UNetResNet(encoder, bands, classes, channels, style, self.frozen)
