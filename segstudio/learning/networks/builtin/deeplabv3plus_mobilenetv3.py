"""DeepLabv3+ on MobileNetV3."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Literal

from segstudio.learning.networks.fields import dropout_field, frozen_field, width_field
from segstudio.learning.networks.network import networks, scaled

if TYPE_CHECKING:
    from torch import nn


@networks.add
@dataclass(frozen=True)
class DeepLabMobileNetV3:
    """DeepLabv3+ on an encoder of few multiplications."""

    title: ClassVar[str] = "DeepLabv3+, MobileNetV3"
    source: ClassVar[str] = "Chen et al. 2018, arXiv:1802.02611; Howard et al. 2019, 1905.02244"
    stride: ClassVar[int] = 16

    size: Literal["large", "small"] = field(default="large", metadata={"label": "Encoder"})
    width: float = width_field(least=0.125)
    frozen: bool = frozen_field()
    dropout: float = dropout_field(0.1)

    def build(self, bands: int, classes: int) -> "nn.Module":
        from segstudio.learning.networks.deeplab import DeepLab
        from segstudio.learning.networks.mobilenet import MobileNetV3

        encoder = MobileNetV3(bands, self.size, self.width)
        early, decoder = encoder.strides.index(4), scaled(256, self.width)
        return DeepLab(
            encoder, encoder.channels, early, classes, decoder, self.dropout, self.frozen
        )
