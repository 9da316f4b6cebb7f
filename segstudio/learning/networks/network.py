"""The one thing that every network can do: be built for some bands and classes."""

from dataclasses import Field
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from segstudio.registry import Registry

if TYPE_CHECKING:
    from torch import nn


class Network(Protocol):
    """An untrained architecture.

    A network is a frozen dataclass of settings; ``width`` scales the number of channels.
    The module that it builds takes N × bands × H × W, float32, of any H and W, and returns
    logits N × classes × H × W. While training it returns a tuple instead, the main head first
    and auxiliary heads after it, each at the resolution at which the network computes it. Its
    encoder is found by `encoded.deepest_of`.
    """

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]
    title: ClassVar[str]
    source: ClassVar[str]
    """The paper that describes it."""
    stride: ClassVar[int]
    """Sides of the input that are multiples of this keep all resolutions aligned."""
    width: float

    def build(self, bands: int, classes: int) -> "nn.Module": ...

    def __hash__(self) -> int: ...


networks: Registry[type[Network]] = Registry("segstudio.learning.networks.builtin", "network")


def scaled(channels: int, width: float) -> int:
    """Return a number of channels times ``width``, to a multiple of 8 (vector units like it)."""
    return max(8, round(channels * width / 8) * 8)


def divisible(channels: float) -> int:
    """Return channels as MobileNet and EfficientNet round them: to 8, and not a tenth less."""
    nearest = max(8, int(channels + 4) // 8 * 8)
    return nearest if nearest >= 0.9 * channels else nearest + 8
