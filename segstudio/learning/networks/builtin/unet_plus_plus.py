"""U-Net++."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Literal

from segstudio.learning.networks.fields import base_field, dropout_field, width_field
from segstudio.learning.networks.network import networks

if TYPE_CHECKING:
    from torch import nn


@networks.add
@dataclass(frozen=True)
class UNetPlusPlus:
    """A U-Net with dense, convolved skips, supervised at every depth."""

    title: ClassVar[str] = "U-Net++"
    source: ClassVar[str] = "Zhou et al. 2018, arXiv:1807.10165"
    stride: ClassVar[int] = 16

    base: int = base_field(32)
    width: float = width_field(least=0.125)
    supervision: bool = field(
        default=True,
        metadata={"label": "Deep supervision", "help": "train heads at every depth"},
    )
    activation: Literal["elu", "relu"] = field(default="relu", metadata={"label": "Activation"})
    norm: bool = field(default=True, metadata={"label": "Batch normalisation"})
    dropout: float = dropout_field(0.0)

    def build(self, bands: int, classes: int) -> "nn.Module":
        from segstudio.learning.networks.unet import Style
        from segstudio.learning.networks.unet_plus_plus import UNetPlusPlus

        channels = tuple(max(1, round(self.base * n * self.width)) for n in (1, 2, 4, 8, 16))
        style = Style(self.activation == "elu", self.norm, self.dropout)
        return UNetPlusPlus(bands, classes, channels, style, self.supervision)
