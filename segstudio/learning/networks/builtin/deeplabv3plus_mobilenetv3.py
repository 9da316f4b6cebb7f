"""DeepLabv3+ on MobileNetV3."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Literal

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
    width: float = field(
        default=1.0, metadata={"label": "Width", "range": (0.125, 4), "step": 0.125}
    )
    frozen: bool = field(
        default=False, metadata={"label": "Frozen encoder", "help": "it keeps its weights"}
    )
    dropout: float = field(default=0.1, metadata={"label": "Dropout", "range": (0, 0.9)})

    def build(self, bands: int, classes: int) -> "nn.Module":
        from segstudio.learning.networks.deeplab import DeepLab
        from segstudio.learning.networks.mobilenet import MobileNetV3

        encoder = MobileNetV3(bands, self.size, self.width)
        early, decoder = encoder.strides.index(4), scaled(256, self.width)
        return DeepLab(
            encoder, encoder.channels, early, classes, decoder, self.dropout, self.frozen
        )
