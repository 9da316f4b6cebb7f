"""FCN-8s."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

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

    width: float = field(
        default=1.0, metadata={"label": "Width", "range": (0.125, 4), "step": 0.125}
    )
    last: int = field(
        default=4096,
        metadata={"label": "Channels of the last layers", "range": (64, 4096), "step": 64,
                  "help": "four fifths of the parameters hang on them"},
    )  # fmt: skip
    frozen: bool = field(
        default=False, metadata={"label": "Frozen encoder", "help": "it keeps its weights"}
    )
    dropout: float = field(default=0.5, metadata={"label": "Dropout", "range": (0, 0.9)})

    def build(self, bands: int, classes: int) -> "nn.Module":
        from segstudio.learning.networks.fcn import PLAN, Fcn8s

        channels = tuple(scaled(n, self.width) for n, _ in PLAN)
        last = scaled(self.last, self.width)
        return Fcn8s(bands, classes, channels, last, self.dropout, self.frozen)
