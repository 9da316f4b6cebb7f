"""BiSeNetV2: a wide shallow branch for detail beside a narrow deep one (Yu et al. 2021)."""

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from segstudio.learning.networks.layers import (
    conv,
    conv_norm_relu,
    he_initialise,
    resized_like,
)

EXPANSION = 6
"""How much wider a gather-and-expansion layer is inside."""


@dataclass(frozen=True)
class Channels:
    """Of the detail branch at 1/2, 1/4, 1/8; of the semantic one at 1/4 … 1/32; of the head.

    The last of both branches are equal.
    """

    detail: tuple[int, int, int] = (64, 64, 128)
    semantic: tuple[int, int, int, int] = (16, 32, 64, 128)
    head: int = 128


def _depthwise(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(conv(inputs, outputs, 3, stride, groups=inputs), nn.BatchNorm2d(outputs))


def _pointwise(inputs: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(conv(inputs, outputs, 1), nn.BatchNorm2d(outputs))


class Stem(nn.Module):
    """Two ways down to 1/4, convolved and pooled."""

    def __init__(self, bands: int, channels: int) -> None:
        super().__init__()
        self.first = conv_norm_relu(bands, channels, 3, 2)
        self.convolved = nn.Sequential(
            conv_norm_relu(channels, channels // 2, 1),
            conv_norm_relu(channels // 2, channels, 3, 2),
        )
        self.merge = conv_norm_relu(2 * channels, channels)

    def forward(self, x: Tensor) -> Tensor:
        x = self.first(x)
        y: Tensor = self.merge(torch.cat([self.convolved(x), F.max_pool2d(x, 3, 2, 1)], 1))
        return y


class GatherExpand(nn.Module):
    """Gathers with 3 × 3, widens channel by channel, narrows, around a shortcut."""

    def __init__(self, inputs: int, outputs: int, stride: int = 1) -> None:
        super().__init__()
        wide = inputs * EXPANSION
        widening = [_depthwise(inputs, wide, stride)]
        if stride > 1:
            widening.append(_depthwise(wide, wide))
        self.branch = nn.Sequential(
            conv_norm_relu(inputs, inputs),
            *widening,
            nn.ReLU(inplace=True),
            _pointwise(wide, outputs),
        )
        self.shortcut: nn.Module = nn.Identity()
        if stride > 1:
            self.shortcut = nn.Sequential(
                _depthwise(inputs, inputs, stride), _pointwise(inputs, outputs)
            )

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.branch(x) + self.shortcut(x))


class ContextEmbedding(nn.Module):
    """Adds the mean of the picture to every pixel."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        # Without normalisation: the mean of one picture has no variance.
        self.mean = nn.Sequential(nn.Conv2d(channels, channels, 1), nn.ReLU(inplace=True))
        self.merge = conv_norm_relu(channels, channels)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.merge(x + self.mean(x.mean((2, 3), keepdim=True)))
        return y


class GuidedAggregation(nn.Module):
    """Each branch says how much of the other counts, at the resolution of both."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.detail = _separable(channels)
        self.detail_down = nn.Sequential(conv(channels, channels, 3, 2), nn.BatchNorm2d(channels))
        self.semantic = _separable(channels)
        self.semantic_up = nn.Sequential(conv(channels, channels), nn.BatchNorm2d(channels))
        self.merge = conv_norm_relu(channels, channels)

    def forward(self, detail: Tensor, semantic: Tensor) -> Tensor:
        gate = torch.sigmoid(resized_like(self.semantic_up(semantic), detail))
        fine = self.detail(detail) * gate
        down = F.avg_pool2d(self.detail_down(detail), 3, 2, 1, count_include_pad=False)
        coarse = down * torch.sigmoid(self.semantic(semantic))
        merged: Tensor = self.merge(fine + resized_like(coarse, fine))
        return merged


def _separable(channels: int) -> nn.Sequential:
    return nn.Sequential(_depthwise(channels, channels), conv(channels, channels, 1))


def _head(inputs: int, middle: int, classes: int, dropout: float) -> nn.Sequential:
    return nn.Sequential(
        conv_norm_relu(inputs, middle), nn.Dropout(dropout), nn.Conv2d(middle, classes, 1)
    )


class BiSeNetV2(nn.Module):
    """Detail at 1/8 and meaning at 1/32, each guided by the other.

    While training, every stage of the semantic branch has a head of its own.
    """

    deepest: ClassVar[str] = "semantic.3"

    def __init__(self, bands: int, classes: int, channels: Channels, dropout: float) -> None:
        super().__init__()
        d1, d2, d3 = channels.detail
        s1, s2, s3, s4 = channels.semantic
        self.detail = nn.Sequential(
            conv_norm_relu(bands, d1, 3, 2),
            conv_norm_relu(d1, d1),
            conv_norm_relu(d1, d2, 3, 2),
            conv_norm_relu(d2, d2),
            conv_norm_relu(d2, d2),
            conv_norm_relu(d2, d3, 3, 2),
            conv_norm_relu(d3, d3),
            conv_norm_relu(d3, d3),
        )
        self.semantic = nn.ModuleList(
            [
                Stem(bands, s1),
                nn.Sequential(GatherExpand(s1, s2, 2), GatherExpand(s2, s2)),
                nn.Sequential(GatherExpand(s2, s3, 2), GatherExpand(s3, s3)),
                nn.Sequential(GatherExpand(s3, s4, 2), *(GatherExpand(s4, s4) for _ in range(3))),
            ]
        )
        self.context = ContextEmbedding(s4)
        self.aggregation = GuidedAggregation(d3)
        self.head = _head(d3, channels.head, classes, dropout)
        self.auxiliary = nn.ModuleList(
            _head(inputs, d3, classes, dropout) for inputs in channels.semantic
        )
        he_initialise(self.modules())

    def forward(self, image: Tensor) -> Tensor | tuple[Tensor, ...]:
        x, stages = image, []
        for stage in self.semantic:
            x = stage(x)
            stages.append(x)
        merged = self.aggregation(self.detail(image), self.context(x))
        logits: Tensor = self.head(merged)
        if not self.training:
            return resized_like(logits, image)
        early = zip(self.auxiliary, stages, strict=True)
        return logits, *(head(features) for head, features in early)
