"""EfficientNet as an encoder (Tan & Le 2019). Parameters are named as timm names them."""

import math
from dataclasses import dataclass

from torch import Tensor, nn
from torch.nn import functional as F

from segstudio.learning.networks.layers import conv, he_initialise
from segstudio.learning.networks.network import divisible

SCALES = ((1.0, 1.0), (1.0, 1.1), (1.1, 1.2), (1.2, 1.4), (1.4, 1.8))
"""Of b0 … b4: what multiplies the channels, and what multiplies the blocks of a stage."""

STEM = 32

SQUEEZE = 4
"""A gate sees a block's input narrowed so many times."""


@dataclass(frozen=True)
class Stage:
    """Blocks of one resolution, before scaling."""

    expansion: int
    channels: int
    blocks: int
    stride: int
    kernel: int


STAGES = (
    Stage(1, 16, 1, 1, 3),
    Stage(6, 24, 2, 2, 3),
    Stage(6, 40, 2, 2, 5),
    Stage(6, 80, 3, 2, 3),
    Stage(6, 112, 3, 1, 5),
    Stage(6, 192, 4, 2, 5),
    Stage(6, 320, 1, 1, 3),
)


class SqueezeExcite(nn.Module):
    """Weighs each channel by what the whole picture is like."""

    def __init__(self, channels: int, squeezed: int) -> None:
        super().__init__()
        self.conv_reduce = nn.Conv2d(channels, squeezed, 1)
        self.conv_expand = nn.Conv2d(squeezed, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        squeezed = F.silu(self.conv_reduce(x.mean((2, 3), keepdim=True)))
        gate: Tensor = self.conv_expand(squeezed).sigmoid()
        return x * gate


class Separable(nn.Module):
    """Convolves each channel by itself, weighs, mixes: the blocks of the first stage."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int) -> None:
        super().__init__()
        self.shortcut = stride == 1 and inputs == outputs
        self.conv_dw = conv(inputs, inputs, kernel, stride, groups=inputs)
        self.bn1 = nn.BatchNorm2d(inputs)
        self.se = SqueezeExcite(inputs, inputs // SQUEEZE)
        self.conv_pw = conv(inputs, outputs, 1)
        self.bn2 = nn.BatchNorm2d(outputs)

    def forward(self, x: Tensor) -> Tensor:
        wide = F.silu(self.bn1(self.conv_dw(x)))
        y: Tensor = self.bn2(self.conv_pw(self.se(wide)))
        return x + y if self.shortcut else y


class Inverted(nn.Module):
    """Widens, convolves each channel by itself, weighs, narrows."""

    def __init__(self, inputs: int, outputs: int, wide: int, kernel: int, stride: int) -> None:
        super().__init__()
        self.shortcut = stride == 1 and inputs == outputs
        self.conv_pw = conv(inputs, wide, 1)
        self.bn1 = nn.BatchNorm2d(wide)
        self.conv_dw = conv(wide, wide, kernel, stride, groups=wide)
        self.bn2 = nn.BatchNorm2d(wide)
        self.se = SqueezeExcite(wide, inputs // SQUEEZE)
        self.conv_pwl = conv(wide, outputs, 1)
        self.bn3 = nn.BatchNorm2d(outputs)

    def forward(self, x: Tensor) -> Tensor:
        wide = F.silu(self.bn1(self.conv_pw(x)))
        wide = F.silu(self.bn2(self.conv_dw(wide)))
        y: Tensor = self.bn3(self.conv_pwl(self.se(wide)))
        return x + y if self.shortcut else y


class EfficientNet(nn.Module):
    """Gives the map of its stem (1/2) and those at the end of 1/4, 1/8, 1/16 and 1/32.

    ``scale`` is 0 … 4 for b0 … b4; ``width`` multiplies the channels once more. What comes
    after the last stage serves the classes of whole pictures and is left out. ``channels`` are
    those of the maps.
    """

    def __init__(self, bands: int, scale: int = 0, width: float = 1.0) -> None:
        super().__init__()
        wider, deeper = SCALES[scale]
        inputs = divisible(STEM * wider * width)
        self.conv_stem = conv(bands, inputs, 3, 2)
        self.bn1 = nn.BatchNorm2d(inputs)
        self.channels = [inputs]
        self.kept = []
        stages = []
        for number, stage in enumerate(STAGES):
            outputs = divisible(stage.channels * wider * width)
            stages.append(_stage(stage, inputs, outputs, math.ceil(stage.blocks * deeper)))
            inputs = outputs
            following = STAGES[number + 1].stride if number + 1 < len(STAGES) else 2
            if number and following == 2:
                self.kept.append(number)
                self.channels.append(outputs)
        self.blocks = nn.Sequential(*stages)
        he_initialise(self.modules())

    def forward(self, image: Tensor) -> list[Tensor]:
        x = F.silu(self.bn1(self.conv_stem(image)))
        maps = [x]
        for number, stage in enumerate(self.blocks):
            x = stage(x)
            if number in self.kept:
                maps.append(x)
        return maps


def _stage(stage: Stage, inputs: int, outputs: int, blocks: int) -> nn.Sequential:
    parts: list[nn.Module] = []
    for place in range(blocks):
        stride = stage.stride if place == 0 else 1
        if stage.expansion == 1:
            parts.append(Separable(inputs, outputs, stage.kernel, stride))
        else:
            wide = inputs * stage.expansion
            parts.append(Inverted(inputs, outputs, wide, stage.kernel, stride))
        inputs = outputs
    return nn.Sequential(*parts)
