"""Scale-CNN at its three scales."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from segstudio.learning.networks.fields import base_field, dropout_field, width_field
from segstudio.learning.networks.network import networks

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True)
class ScaleCnnSmall:
    """A plain encoder and decoder without skips: three stages, 16 channels in the first."""

    title: ClassVar[str] = "Scale-CNN, small"
    source: ClassVar[str] = "Ran 2024 (S3)"
    stride: ClassVar[int] = 8
    classes: ClassVar[int] = 3
    """Of the paper's pictures: for these the published numbers of parameters hold."""
    unit: ClassVar[bool] = True
    """Pixels come as 0…1, as the paper has them."""

    base: int = base_field(16)
    width: float = width_field(least=0.25)
    norm: bool = field(
        default=True,
        metadata={
            "label": "Batch normalisation",
            "help": "without parameters; the paper has none and learns far more slowly",
        },
    )
    dropout: float = dropout_field(0.0)

    def build(self, bands: int, classes: int) -> "nn.Module":
        from segstudio.learning.networks.scale_cnn import ScaleCnn

        # Not to a multiple of 8: the paper's widths are exact, and small ones stay small.
        channels = tuple(max(1, round(self.base * n * self.width)) for n in (1, 2, 4))
        return ScaleCnn(bands, classes, channels, self.norm, self.dropout)


@dataclass(frozen=True)
class ScaleCnnMiddle(ScaleCnnSmall):
    """A plain encoder and decoder without skips: 32 channels in the first stage."""

    title: ClassVar[str] = "Scale-CNN, middle"

    base: int = base_field(32)


@dataclass(frozen=True)
class ScaleCnnLarge(ScaleCnnSmall):
    """A plain encoder and decoder without skips: 64 channels in the first stage."""

    title: ClassVar[str] = "Scale-CNN, large"

    base: int = base_field(64)


networks.enter("scale_cnn_s", ScaleCnnSmall)
networks.enter("scale_cnn_m", ScaleCnnMiddle)
networks.enter("scale_cnn_l", ScaleCnnLarge)
