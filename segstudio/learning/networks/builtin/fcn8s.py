"""FCN-8s."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from segstudio.learning.networks.fields import dropout_field, frozen_field, width_field
from segstudio.learning.networks.network import networks, scaled

if TYPE_CHECKING:
    from torch import nn


@networks.add
@dataclass(frozen=True)
class Fcn8s:
    """VGG-16 made fully convolutional, the first of its kind: heavy, and good to compare with."""

    title: ClassVar[str] = "FCN-8s, VGG-16"
    source: ClassVar[str] = "Long et al. 2015, arXiv:1411.4038"
    stride: ClassVar[int] = 32

    width: float = width_field(least=0.125)
    last: int = field(
        default=4096,
        metadata={"label": "Channels of the last layers", "range": (64, 4096), "step": 64,
                  "help": "four fifths of the parameters hang on them"},
    )  # fmt: skip
    frozen: bool = frozen_field()
    dropout: float = dropout_field(0.5)

    def build(self, bands: int, classes: int) -> "nn.Module":
        from segstudio.learning.networks.fcn import PLAN, Fcn8s

        channels = tuple(scaled(n, self.width) for n, _ in PLAN)
        last = scaled(self.last, self.width)
        return Fcn8s(bands, classes, channels, last, self.dropout, self.frozen)
