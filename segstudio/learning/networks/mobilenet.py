"""MobileNetV3 as an encoder (Howard et al. 2019). Parameters are named as torchvision's."""

from dataclasses import dataclass
from typing import Literal

from torch import Tensor, nn
from torch.nn import functional as F

from segstudio.learning.networks.layers import he_initialise
from segstudio.learning.networks.network import divisible

Size = Literal["large", "small"]

STEM = 16

WIDENED = 6
"""How much wider the last convolution is than the last block."""

EPSILON = 0.001
"""Of the published batch normalisation; its slow momentum is not taken: trainings are short."""


@dataclass(frozen=True)
class Row:
    """A block of the paper's tables: ``gate`` weighs the channels, ``swish`` replaces ReLU."""

    kernel: int
    wide: int
    channels: int
    gate: bool
    swish: bool
    stride: int


BLOCKS: dict[Size, tuple[Row, ...]] = {
    "large": (
        Row(3, 16, 16, False, False, 1),
        Row(3, 64, 24, False, False, 2),
        Row(3, 72, 24, False, False, 1),
        Row(5, 72, 40, True, False, 2),
        Row(5, 120, 40, True, False, 1),
        Row(5, 120, 40, True, False, 1),
        Row(3, 240, 80, False, True, 2),
        Row(3, 200, 80, False, True, 1),
        Row(3, 184, 80, False, True, 1),
        Row(3, 184, 80, False, True, 1),
        Row(3, 480, 112, True, True, 1),
        Row(3, 672, 112, True, True, 1),
        Row(5, 672, 160, True, True, 2),
        Row(5, 960, 160, True, True, 1),
        Row(5, 960, 160, True, True, 1),
    ),
    "small": (
        Row(3, 16, 16, True, False, 2),
        Row(3, 72, 24, False, False, 2),
        Row(3, 88, 24, False, False, 1),
        Row(5, 96, 40, True, True, 2),
        Row(5, 240, 40, True, True, 1),
        Row(5, 240, 40, True, True, 1),
        Row(5, 120, 48, True, True, 1),
        Row(5, 144, 48, True, True, 1),
        Row(5, 288, 96, True, True, 2),
        Row(5, 576, 96, True, True, 1),
        Row(5, 576, 96, True, True, 1),
    ),
}


class SqueezeExcite(nn.Module):
    """Weighs each channel by what the whole picture is like."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        squeezed = divisible(channels // 4)
        self.fc1 = nn.Conv2d(channels, squeezed, 1)
        self.fc2 = nn.Conv2d(squeezed, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        gate = F.relu(self.fc1(x.mean((2, 3), keepdim=True)))
        return x * F.hardsigmoid(self.fc2(gate))


def _conv(
    inputs: int,
    outputs: int,
    kernel: int = 1,
    stride: int = 1,
    dilation: int = 1,
    groups: int = 1,
    activation: nn.Module | None = None,
) -> nn.Sequential:
    """Return a convolution that keeps the size, divided by ``stride``, with what follows it."""
    padding = dilation * (kernel // 2)
    parts = [
        nn.Conv2d(inputs, outputs, kernel, stride, padding, dilation, groups, bias=False),
        nn.BatchNorm2d(outputs, EPSILON),
    ]
    return nn.Sequential(*parts, *([] if activation is None else [activation]))


class Block(nn.Module):
    """Widens, convolves each channel by itself, may weigh, narrows."""

    def __init__(self, inputs: int, wide: int, outputs: int, row: Row, dilation: int = 1) -> None:
        super().__init__()
        stride = 1 if dilation > 1 else row.stride
        self.shortcut = row.stride == 1 and inputs == outputs
        activation = nn.Hardswish if row.swish else nn.ReLU
        parts: list[nn.Module] = []
        if wide != inputs:
            parts.append(_conv(inputs, wide, activation=activation()))
        parts.append(_conv(wide, wide, row.kernel, stride, dilation, wide, activation()))
        if row.gate:
            parts.append(SqueezeExcite(wide))
        parts.append(_conv(wide, outputs))
        self.block = nn.Sequential(*parts)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.block(x)
        return x + y if self.shortcut else y


class MobileNetV3(nn.Module):
    """Gives the maps of its stem (1/2), of each block that halves the size, and its last one.

    The blocks that would halve it for the fifth time dilate instead: the last map is at 1/16.
    ``channels`` are those of the maps, ``strides`` how much smaller than the picture they are.
    """

    def __init__(self, bands: int, size: Size = "large", width: float = 1.0) -> None:
        super().__init__()
        inputs, reached, dilation = divisible(STEM * width), 2, 1
        parts: list[nn.Module] = [_conv(bands, inputs, 3, 2, activation=nn.Hardswish())]
        self.channels, self.strides, self.kept = [inputs], [2], [0]
        for row in BLOCKS[size]:
            if row.stride == 2:
                reached, dilation = (reached * 2, 1) if reached < 16 else (reached, 2)
            wide, outputs = divisible(row.wide * width), divisible(row.channels * width)
            parts.append(Block(inputs, wide, outputs, row, dilation))
            inputs = outputs
            if row.stride == 2:
                self._keep(len(parts) - 1, inputs, reached)
        wide = WIDENED * inputs
        parts.append(_conv(inputs, wide, activation=nn.Hardswish()))
        self._keep(len(parts) - 1, wide, reached)
        self.features = nn.Sequential(*parts)
        he_initialise(self.modules())

    def _keep(self, place: int, channels: int, stride: int) -> None:
        self.kept.append(place)
        self.channels.append(channels)
        self.strides.append(stride)

    def forward(self, image: Tensor) -> list[Tensor]:
        x, maps = image, []
        for place, part in enumerate(self.features):
            x = part(x)
            if place in self.kept:
                maps.append(x)
        return maps
