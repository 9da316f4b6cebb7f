"""ENet."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from segstudio.learning.networks.fields import dropout_field, width_field
from segstudio.learning.networks.network import networks, scaled

if TYPE_CHECKING:
    from torch import nn


@networks.add
@dataclass(frozen=True)
class Enet:
    """A third of a million parameters: narrow, with dilated convolutions at 1/8."""

    title: ClassVar[str] = "ENet"
    source: ClassVar[str] = "Paszke et al. 2016, arXiv:1606.02147"
    stride: ClassVar[int] = 8

    width: float = width_field(least=0.25)
    dropout: float = dropout_field(0.1)

    def build(self, bands: int, classes: int) -> "nn.Module":
        from segstudio.learning.networks.enet import ENet

        c1, c2, c3 = (scaled(n, self.width) for n in (16, 64, 128))
        return ENet(bands, classes, (c1, c2, c3), self.dropout)
