"""DDRNet: a network of two resolutions that exchange (Hong et al. 2021, arXiv:2101.06085)."""

from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from segstudio.learning.networks.layers import (
    conv,
    conv_norm_relu,
    he_initialise,
    norm_relu_conv,
    resized_like,
)


class BasicBlock(nn.Module):
    """Two 3×3 convolutions around a shortcut; the ReLU at its end is left to the caller."""

    def __init__(self, inputs: int, outputs: int, stride: int = 1) -> None:
        super().__init__()
        self.conv1 = conv(inputs, outputs, 3, stride)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = conv(outputs, outputs)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = _shortcut(inputs, outputs, stride)

    def forward(self, x: Tensor) -> Tensor:
        y = F.relu(self.bn1(self.conv1(x)), inplace=True)
        y = self.bn2(self.conv2(y))
        return torch.add(y, self.downsample(x))


class Bottleneck(nn.Module):
    """1×1, 3×3 and a widening 1×1 convolution around a shortcut, without the last ReLU."""

    expansion = 2

    def __init__(self, inputs: int, middle: int, stride: int = 1) -> None:
        super().__init__()
        outputs = middle * self.expansion
        self.conv1 = conv(inputs, middle, 1)
        self.bn1 = nn.BatchNorm2d(middle)
        self.conv2 = conv(middle, middle, 3, stride)
        self.bn2 = nn.BatchNorm2d(middle)
        self.conv3 = conv(middle, outputs, 1)
        self.bn3 = nn.BatchNorm2d(outputs)
        self.downsample = _shortcut(inputs, outputs, stride)

    def forward(self, x: Tensor) -> Tensor:
        y = F.relu(self.bn1(self.conv1(x)), inplace=True)
        y = F.relu(self.bn2(self.conv2(y)), inplace=True)
        y = self.bn3(self.conv3(y))
        return torch.add(y, self.downsample(x))


def _shortcut(inputs: int, outputs: int, stride: int) -> nn.Module:
    if stride == 1 and inputs == outputs:
        return nn.Identity()
    return nn.Sequential(conv(inputs, outputs, 1, stride), nn.BatchNorm2d(outputs))


def _stage(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        BasicBlock(inputs, outputs, stride), nn.ReLU(inplace=True), BasicBlock(outputs, outputs)
    )


class PyramidPooling(nn.Module):
    """DAPPM: the context of growing surroundings, each merged with the one before."""

    WINDOWS = ((5, 2), (9, 4), (17, 8))

    def __init__(self, inputs: int, branch: int, outputs: int) -> None:
        super().__init__()
        self.scales = nn.ModuleList(norm_relu_conv(inputs, branch) for _ in range(5))
        self.processes = nn.ModuleList(norm_relu_conv(branch, branch, 3) for _ in range(4))
        self.compression = norm_relu_conv(branch * 5, outputs)
        self.shortcut = norm_relu_conv(inputs, outputs)

    def forward(self, x: Tensor) -> Tensor:
        # Padding is not counted, so that small pictures see the same averages as large ones.
        pooled = [F.avg_pool2d(x, k, s, k // 2, count_include_pad=False) for k, s in self.WINDOWS]
        pooled.append(x.mean((2, 3), keepdim=True))
        merged = [self.scales[0](x)]
        for scale, process, part in zip(list(self.scales)[1:], self.processes, pooled, strict=True):
            merged.append(process(resized_like(scale(part), x) + merged[-1]))
        return torch.add(self.compression(torch.cat(merged, 1)), self.shortcut(x))


class SegmentationHead(nn.Module):
    """Logits from a feature map."""

    def __init__(self, inputs: int, middle: int, classes: int) -> None:
        super().__init__()
        self.features = norm_relu_conv(inputs, middle, 3)
        self.bn = nn.BatchNorm2d(middle)
        self.classifier = nn.Conv2d(middle, classes, 1)

    def forward(self, x: Tensor) -> Tensor:
        logits: Tensor = self.classifier(F.relu(self.bn(self.features(x)), inplace=True))
        return logits


class DDRNet(nn.Module):
    """Dual-resolution network with two blocks a stage.

    ``c`` is the width of the stem; the branch at 1/8 has 2c channels, the one that goes down
    to 1/64 has 2c, 4c, 8c and 16c.
    """

    deepest: ClassVar[str] = "layer5"

    def __init__(
        self, bands: int, classes: int, c: int, pooled: int, head: int, dropout: float = 0.0
    ) -> None:
        super().__init__()
        high = 2 * c
        self.stem = nn.Sequential(
            conv_norm_relu(bands, c, 3, 2), conv_norm_relu(c, c, 3, 2), _stage(c, c), nn.ReLU()
        )
        self.layer2 = _stage(c, 2 * c, 2)
        self.layer3 = _stage(2 * c, 4 * c, 2)
        self.layer4 = _stage(4 * c, 8 * c, 2)
        self.layer5 = Bottleneck(8 * c, 8 * c, 2)
        self.high3 = _stage(2 * c, high)
        self.high4 = _stage(high, high)
        self.high5 = Bottleneck(high, high)
        self.up3 = nn.Sequential(conv(4 * c, high, 1), nn.BatchNorm2d(high))
        self.up4 = nn.Sequential(conv(8 * c, high, 1), nn.BatchNorm2d(high))
        self.down3 = nn.Sequential(conv(high, 4 * c, 3, 2), nn.BatchNorm2d(4 * c))
        self.down4 = nn.Sequential(
            conv_norm_relu(high, 4 * c, 3, 2), conv(4 * c, 8 * c, 3, 2), nn.BatchNorm2d(8 * c)
        )
        self.context = PyramidPooling(16 * c, pooled, 2 * high)
        self.dropout = nn.Dropout2d(dropout)
        self.head = SegmentationHead(2 * high, head, classes)
        self.auxiliary = SegmentationHead(high, head, classes)
        he_initialise(self.modules())

    def forward(self, image: Tensor) -> Tensor | tuple[Tensor, Tensor]:
        shared = F.relu(self.layer2(self.stem(image)))
        low = self.layer3(shared)
        high = self.high3(shared)
        low, high = self._exchange(low, high, self.down3, self.up3)
        early = high
        low = self.layer4(F.relu(low))
        high = self.high4(F.relu(high))
        low, high = self._exchange(low, high, self.down4, self.up4)
        high = self.high5(F.relu(high))
        low = self.context(self.layer5(F.relu(low)))
        logits: Tensor = self.head(self.dropout(high + resized_like(low, high)))
        return (logits, self.auxiliary(early)) if self.training else resized_like(logits, image)

    @staticmethod
    def _exchange(
        low: Tensor, high: Tensor, down: nn.Module, up: nn.Module
    ) -> tuple[Tensor, Tensor]:
        """Give each branch what the other has found."""
        return low + down(F.relu(high)), high + resized_like(up(F.relu(low)), high)
