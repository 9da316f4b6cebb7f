"""LR-ASPP on MobileNetV3."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Literal

from segstudio.learning.networks.fields import dropout_field, frozen_field, width_field
from segstudio.learning.networks.network import networks, scaled

if TYPE_CHECKING:
    from torch import nn


@networks.add
@dataclass(frozen=True)
class LRASPPMobileNetV3:
    """Very few multiplications; for phones and for encoders with weights from elsewhere."""

    title: ClassVar[str] = "LR-ASPP, MobileNetV3"
    source: ClassVar[str] = "Howard et al. 2019, arXiv:1905.02244"
    stride: ClassVar[int] = 16

    size: Literal["large", "small"] = field(default="large", metadata={"label": "Encoder"})
    width: float = width_field(least=0.125)
    frozen: bool = frozen_field()
    dropout: float = dropout_field(0.0)

    def build(self, bands: int, classes: int) -> "nn.Module":
        from segstudio.learning.networks.lraspp import LRASPP
        from segstudio.learning.networks.mobilenet import MobileNetV3

        encoder = MobileNetV3(bands, self.size, self.width)
        return LRASPP(encoder, classes, scaled(128, self.width), self.dropout, self.frozen)
