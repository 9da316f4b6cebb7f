"""DDRNet-23-slim, the network of the default preset."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from segstudio.learning.networks.fields import dropout_field, width_field
from segstudio.learning.networks.network import networks, scaled

if TYPE_CHECKING:
    from torch import nn


@networks.add
@dataclass(frozen=True)
class Ddrnet23Slim:
    """Keeps 1/8 of the resolution beside a branch that goes down to 1/64 for context."""

    title: ClassVar[str] = "DDRNet-23-slim"
    source: ClassVar[str] = "Hong et al. 2021, arXiv:2101.06085"
    stride: ClassVar[int] = 64

    width: float = width_field(least=0.25)
    dropout: float = dropout_field(0.0)

    def build(self, bands: int, classes: int) -> "nn.Module":
        from segstudio.learning.networks.ddrnet import DDRNet

        c, pooled, head = (scaled(n, self.width) for n in (32, 128, 64))
        return DDRNet(bands, classes, c, pooled, head, self.dropout)
