"""Fast-SCNN, the network of the quick preset."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from segstudio.learning.networks.fields import dropout_field, width_field
from segstudio.learning.networks.network import networks, scaled

if TYPE_CHECKING:
    from torch import nn


@networks.add
@dataclass(frozen=True)
class FastScnn:
    """A million parameters; fast where memory and processor are small."""

    title: ClassVar[str] = "Fast-SCNN"
    source: ClassVar[str] = "Poudel et al. 2019, arXiv:1902.04502"
    stride: ClassVar[int] = 32

    width: float = width_field(least=0.25)
    dropout: float = dropout_field(0.1)

    def build(self, bands: int, classes: int) -> "nn.Module":
        from segstudio.learning.networks.fast_scnn import FastSCNN

        channels = tuple(scaled(n, self.width) for n in (32, 48, 64, 64, 96, 128))
        return FastSCNN(bands, classes, channels, self.dropout)
