"""ResNet as an encoder (He et al. 2016). Parameters are named as torchvision names them."""

from dataclasses import dataclass

from torch import Tensor, nn
from torch.nn import functional as F

from segstudio.learning.networks.layers import he_initialise

WIDTHS = (64, 64, 128, 256, 512)
"""Channels of the stem and the four layers, before a bottleneck's widening."""

DEPTHS = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3), 101: (3, 4, 23, 3)}
"""Blocks of the four layers, by number of layers of the whole."""

BOTTLENECKS = (50, 101)


@dataclass(frozen=True)
class Body:
    """How an encoder differs from the published one.

    ``factorised`` makes it light (Strueva 2024): grouped convolutions in the blocks, a stem of
    stride 4 in place of the pooling.
    """

    norm: bool = True
    factorised: bool = False


def _norm(channels: int, body: Body) -> nn.Module:
    return nn.BatchNorm2d(channels) if body.norm else nn.Identity()


def _conv(
    inputs: int, outputs: int, kernel: int, body: Body, stride: int = 1, dilation: int = 1,
    groups: int = 1,
) -> nn.Conv2d:  # fmt: skip
    padding = dilation * (kernel // 2)
    return nn.Conv2d(
        inputs, outputs, kernel, stride, padding, dilation, groups, bias=not body.norm
    )


class BasicBlock(nn.Module):
    """Two 3 × 3 convolutions and a shortcut."""

    expansion = 1

    def __init__(
        self, inputs: int, width: int, body: Body, stride: int = 1, dilation: int = 1
    ) -> None:
        super().__init__()
        groups = width // 4 if body.factorised else 1
        first = groups if inputs % max(groups, 1) == 0 else 1
        self.conv1 = _conv(inputs, width, 3, body, stride, dilation, first)
        self.bn1 = _norm(width, body)
        self.conv2 = _conv(width, width, 3, body, 1, dilation, groups)
        self.bn2 = _norm(width, body)
        self.downsample = _shortcut(inputs, width, body, stride)

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
        groups = width // 4 if body.factorised else 1
        self.conv1 = _conv(inputs, width, 1, body)
        self.bn1 = _norm(width, body)
        self.conv2 = _conv(width, width, 3, body, stride, dilation, groups)
        self.bn2 = _norm(width, body)
        self.conv3 = _conv(width, outputs, 1, body)
        self.bn3 = _norm(outputs, body)
        self.downsample = _shortcut(inputs, outputs, body, stride)

    def forward(self, x: Tensor) -> Tensor:
        y = F.relu(self.bn1(self.conv1(x)), inplace=True)
        y = F.relu(self.bn2(self.conv2(y)), inplace=True)
        y = self.bn3(self.conv3(y))
        return F.relu(y + self.downsample(x), inplace=True)


def _shortcut(inputs: int, outputs: int, body: Body, stride: int) -> nn.Module:
    if stride == 1 and inputs == outputs:
        return nn.Identity()
    return nn.Sequential(_conv(inputs, outputs, 1, body, stride), _norm(outputs, body))


class ResNet(nn.Module):
    """Gives the maps of its stem (1/2) and of the first ``depth`` − 1 layers (1/4 … 1/32).

    Layers beyond ``output_stride`` keep the size and dilate instead.
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
        self.factorised = body.factorised
        block = Bottleneck if layers in BOTTLENECKS else BasicBlock
        widths = [max(8, round(n * width / 8) * 8) for n in WIDTHS]
        stride = 4 if body.factorised else 2
        self.conv1 = nn.Conv2d(bands, widths[0], 7, stride, 3, bias=not body.norm)
        self.bn1 = _norm(widths[0], body)
        self.channels = [widths[0]]
        inputs, reached = widths[0], 4
        for number, blocks in enumerate(DEPTHS[layers][: depth - 1]):
            down = 1 if number == 0 or reached >= output_stride else 2
            reached *= 1 if number == 0 else 2
            dilation = max(1, reached // output_stride)
            parts = []
            for place in range(blocks):
                first = place == 0
                parts.append(
                    block(inputs, widths[number + 1], body, down if first else 1, dilation)
                )
                inputs = widths[number + 1] * block.expansion
            setattr(self, f"layer{number + 1}", nn.Sequential(*parts))
            self.channels.append(inputs)
        self.layers = len(self.channels) - 1
        he_initialise(self.modules())

    def forward(self, image: Tensor) -> list[Tensor]:
        x = F.relu(self.bn1(self.conv1(image)), inplace=True)
        maps = [x]
        for number in range(self.layers):
            if number == 0 and not self.factorised:
                x = F.max_pool2d(x, 3, 2, 1)
            x = getattr(self, f"layer{number + 1}")(x)
            maps.append(x)
        return maps
