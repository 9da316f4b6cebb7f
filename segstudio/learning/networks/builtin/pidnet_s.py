"""PIDNet-S."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

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

    width: float = field(default=1.0, metadata={"label": "Width", "range": (0.25, 4), "step": 0.25})
    dropout: float = field(default=0.0, metadata={"label": "Dropout", "range": (0, 0.9)})

    def build(self, bands: int, classes: int) -> "nn.Module":
        from segstudio.learning.networks.pidnet import PIDNet

        c, pooled, head = (scaled(n, self.width) for n in (32, 96, 128))
        return PIDNet(bands, classes, c, pooled, head, self.dropout)
