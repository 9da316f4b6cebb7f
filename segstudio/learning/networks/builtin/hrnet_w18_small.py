"""HRNet-W18-small, the authors' first small one."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from segstudio.learning.networks.fields import dropout_field, width_field
from segstudio.learning.networks.network import networks, scaled

if TYPE_CHECKING:
    from torch import nn


@networks.add
@dataclass(frozen=True)
class HRNetW18Small:
    """Four resolutions side by side that exchange at the end of each stage."""

    title: ClassVar[str] = "HRNet-W18-small"
    source: ClassVar[str] = "Wang et al. 2020, arXiv:1908.07919"
    stride: ClassVar[int] = 32

    width: float = width_field(least=0.25)
    dropout: float = dropout_field(0.0)

    def build(self, bands: int, classes: int) -> "nn.Module":
        from segstudio.learning.networks.hrnet import HRNet, HRNetSegmentation

        stem, first, *channels = (scaled(n, self.width) for n in (64, 32, 16, 32, 64, 128))
        encoder = HRNet(bands, stem, first, tuple(channels), (1, 2))
        return HRNetSegmentation(encoder, sum(channels), classes, self.dropout)
