"""PIDNet-S."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from segstudio.learning.networks.fields import dropout_field, width_field
from segstudio.learning.networks.network import networks, scaled

if TYPE_CHECKING:
    from torch import nn


@networks.add
@dataclass(frozen=True)
class PidnetS:
    """Detail, context and boundaries in three branches, fused where each is right."""

    title: ClassVar[str] = "PIDNet-S"
    source: ClassVar[str] = "Xu et al. 2023, arXiv:2206.02066"
    stride: ClassVar[int] = 64

    width: float = width_field(least=0.25)
    dropout: float = dropout_field(0.0)

    def build(self, bands: int, classes: int) -> "nn.Module":
        from segstudio.learning.networks.pidnet import PIDNet

        c, pooled, head = (scaled(n, self.width) for n in (32, 96, 128))
        return PIDNet(bands, classes, c, pooled, head, self.dropout)
