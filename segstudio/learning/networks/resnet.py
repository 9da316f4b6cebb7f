"""ResNet as an encoder (He et al. 2016). Parameters are named as torchvision names them."""

from dataclasses import dataclass

from torch import Tensor, nn
from torch.nn import functional as F

from segstudio.learning.networks.layers import he_initialise
from segstudio.learning.networks.network import scaled

WIDTHS = (64, 64, 128, 256, 512)
"""Channels of the stem and the four layers, before a bottleneck's widening."""

DEPTHS = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3), 101: (3, 4, 23, 3)}
"""Blocks of the four layers, by number of layers of the whole."""

BOTTLENECKS = (50, 101)

GROUP = 4
"""Channels of a group in factorised blocks."""


@dataclass(frozen=True)
class Body:
    """What the convolutions of an encoder are like; the plain one is the published network.

    ``factorised`` makes it light (Strueva 2024, S2): grouped 3 × 3 convolutions in the blocks
    and a stem of stride 4 in place of the pooling.
    """

    norm: bool = True
    factorised: bool = False

    def conv(
        self, inputs: int, outputs: int, kernel: int, stride: int = 1, dilation: int = 1
    ) -> nn.Conv2d:
        """Return a convolution that keeps the size, divided by ``stride``."""
        groups = 1
        if self.factorised and kernel > 1 and inputs % GROUP == outputs % GROUP == 0:
            groups = min(inputs, outputs) // GROUP
        padding = dilation * (kernel // 2)
        return nn.Conv2d(
            inputs, outputs, kernel, stride, padding, dilation, groups, bias=not self.norm
        )

    def after(self, channels: int) -> nn.Module:
        """Return what follows a convolution: batch normalisation or nothing."""
        return nn.BatchNorm2d(channels) if self.norm else nn.Identity()

    def shortcut(self, inputs: int, outputs: int, stride: int) -> nn.Module:
        if stride == 1 and inputs == outputs:
            return nn.Identity()
        return nn.Sequential(self.conv(inputs, outputs, 1, stride), self.after(outputs))


class BasicBlock(nn.Module):
    """Two 3 × 3 convolutions and a shortcut."""

    expansion = 1

    def __init__(
        self, inputs: int, width: int, body: Body, stride: int = 1, dilation: int = 1
    ) -> None:
        super().__init__()
        self.conv1 = body.conv(inputs, width, 3, stride, dilation)
        self.bn1 = body.after(width)
        self.conv2 = body.conv(width, width, 3, 1, dilation)
        self.bn2 = body.after(width)
        self.downsample = body.shortcut(inputs, width, stride)

    def forward(self, x: Tensor) -> Tensor:
        y = F.relu(self.bn1(self.conv1(x)), inplace=True)
        y = self.bn2(self.conv2(y))
        return F.relu(y + self.downsample(x), inplace=True)


class Bottleneck(nn.Module):
    """1 × 1, 3 × 3 and a widening 1 × 1 convolution and a shortcut."""

    expansion = 4

    def __init__(
        self, inputs: int, width: int, body: Body, stride: int = 1, dilation: int = 1
    ) -> None:
        super().__init__()
        outputs = width * self.expansion
        self.conv1 = body.conv(inputs, width, 1)
        self.bn1 = body.after(width)
        self.conv2 = body.conv(width, width, 3, stride, dilation)
        self.bn2 = body.after(width)
        self.conv3 = body.conv(width, outputs, 1)
        self.bn3 = body.after(outputs)
        self.downsample = body.shortcut(inputs, outputs, stride)

    def forward(self, x: Tensor) -> Tensor:
        y = F.relu(self.bn1(self.conv1(x)), inplace=True)
        y = F.relu(self.bn2(self.conv2(y)), inplace=True)
        y = self.bn3(self.conv3(y))
        return F.relu(y + self.downsample(x), inplace=True)


class ResNet(nn.Module):
    """Gives the maps of its stem (1/2) and of the first ``depth`` − 1 layers (1/4 … 1/32).

    ``layers`` is 18, 34, 50 or 101. Where a layer would go beyond ``output_stride`` it keeps
    the size and dilates instead. ``channels`` are those of the maps.
    """

    def __init__(
        self,
        bands: int,
        layers: int = 18,
        width: float = 1.0,
        depth: int = 5,
        output_stride: int = 32,
        body: Body | None = None,
    ) -> None:
        super().__init__()
        body = body or Body()
        block = Bottleneck if layers in BOTTLENECKS else BasicBlock
        stem, *widths = (scaled(channels, width) for channels in WIDTHS)
        stride = 4 if body.factorised else 2
        self.conv1 = nn.Conv2d(bands, stem, 7, stride, 3, bias=not body.norm)
        self.bn1 = body.after(stem)
        self.pooled = not body.factorised
        self.channels = [stem]
        reached = 4
        for number, blocks in enumerate(DEPTHS[layers][: depth - 1]):
            down = 2 if number and reached < output_stride else 1
            reached *= 2 if number else 1
            dilation = max(1, reached // output_stride)
            parts, inputs = [], self.channels[-1]
            for place in range(blocks):
                first = down if place == 0 else 1
                parts.append(block(inputs, widths[number], body, first, dilation))
                inputs = widths[number] * block.expansion
            self.add_module(f"layer{number + 1}", nn.Sequential(*parts))
            self.channels.append(inputs)
        he_initialise(self.modules())

    def forward(self, image: Tensor) -> list[Tensor]:
        x = F.relu(self.bn1(self.conv1(image)), inplace=True)
        maps = [x]
        for number in range(1, len(self.channels)):
            if number == 1 and self.pooled:
                x = F.max_pool2d(x, 3, 2, 1)
            x = self.get_submodule(f"layer{number}")(x)
            maps.append(x)
        return maps
