"""BiSeNetV2."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from segstudio.learning.networks.fields import dropout_field, width_field
from segstudio.learning.networks.network import networks, scaled

if TYPE_CHECKING:
    from torch import nn


@networks.add
@dataclass(frozen=True)
class BiSeNetV2:
    """A wide shallow branch for detail beside a narrow deep one for meaning."""

    title: ClassVar[str] = "BiSeNetV2"
    source: ClassVar[str] = "Yu et al. 2021, arXiv:2004.02147"
    stride: ClassVar[int] = 32

    width: float = width_field(least=0.25)
    head: int = field(
        default=128,
        metadata={
            "label": "Channels of the head",
            "range": (32, 1024),
            "step": 32,
            "help": "the paper's 1024 doubles the work",
        },
    )
    dropout: float = dropout_field(0.1)

    def build(self, bands: int, classes: int) -> "nn.Module":
        from segstudio.learning.networks.bisenet import BiSeNetV2, Channels

        d1, d2, d3, head = (scaled(n, self.width) for n in (64, 64, 128, self.head))
        s1, s2, s3 = (scaled(n, self.width) for n in (16, 32, 64))
        return BiSeNetV2(
            bands, classes, Channels((d1, d2, d3), (s1, s2, s3, d3), head), self.dropout
        )
