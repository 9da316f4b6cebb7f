"""Fast-SCNN: one early branch shared by detail and context (Poudel et al. 2019)."""

from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from segstudio.learning.networks.layers import (
    area_pool,
    conv,
    conv_norm_relu,
    he_initialise,
    resized_like,
)


def _separable(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
    """Return a depthwise and a 1×1 convolution, each with batch normalisation and ReLU."""
    return nn.Sequential(
        conv_norm_relu(inputs, inputs, 3, stride, groups=inputs), conv_norm_relu(inputs, outputs, 1)
    )


class InvertedResidual(nn.Module):
    """Widens, convolves each channel by itself, narrows (MobileNetV2's bottleneck)."""

    expansion = 6

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        middle = inputs * self.expansion
        self.shortcut = stride == 1 and inputs == outputs
        self.block = nn.Sequential(
            conv_norm_relu(inputs, middle, 1),
            conv_norm_relu(middle, middle, 3, stride, groups=middle),
            conv(middle, outputs, 1),
            nn.BatchNorm2d(outputs),
        )

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.block(x)
        return x + y if self.shortcut else y


def _residuals(inputs: int, outputs: int, stride: int) -> nn.Sequential:
    return nn.Sequential(
        InvertedResidual(inputs, outputs, stride),
        InvertedResidual(outputs, outputs, 1),
        InvertedResidual(outputs, outputs, 1),
    )


class PyramidPooling(nn.Module):
    """The averages over 1, 4, 9 and 36 parts of the picture, beside the features themselves."""

    BINS = (1, 2, 3, 6)

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.branches = nn.ModuleList(conv_norm_relu(channels, channels // 4, 1) for _ in self.BINS)
        self.merge = conv_norm_relu(channels + len(self.BINS) * (channels // 4), channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        parts = [
            resized_like(branch(area_pool(x, bins)), x)
            for branch, bins in zip(self.branches, self.BINS, strict=True)
        ]
        merged: Tensor = self.merge(torch.cat([x, *parts], 1))
        return merged


class FeatureFusion(nn.Module):
    """Adds the context, brought up to the resolution of the details, to the details."""

    def __init__(self, details: int, context: int, outputs: int) -> None:
        super().__init__()
        self.details = nn.Sequential(conv(details, outputs, 1), nn.BatchNorm2d(outputs))
        self.spread = nn.Sequential(
            nn.Conv2d(context, context, 3, padding=4, dilation=4, groups=context, bias=False),
            nn.BatchNorm2d(context),
            nn.ReLU(inplace=True),
        )
        self.context = nn.Sequential(conv(context, outputs, 1), nn.BatchNorm2d(outputs))

    def forward(self, details: Tensor, context: Tensor) -> Tensor:
        context = self.context(self.spread(resized_like(context, details)))
        return F.relu(context + self.details(details))


def _auxiliary(inputs: int, classes: int) -> nn.Sequential:
    middle = max(8, inputs // 2)
    return nn.Sequential(conv_norm_relu(inputs, middle), nn.Conv2d(middle, classes, 1))


class FastSCNN(nn.Module):
    """Downsamples to 1/8 in three steps, gathers context at 1/32, fuses, classifies.

    ``channels`` are those of the three steps and of the three groups of residuals.
    """

    deepest: ClassVar[str] = "context.2"

    def __init__(self, bands: int, classes: int, channels: tuple[int, ...], dropout: float) -> None:
        super().__init__()
        c1, c2, c3, c4, c5, c6 = channels
        self.downsample = nn.Sequential(
            conv_norm_relu(bands, c1, 3, 2), _separable(c1, c2, 2), _separable(c2, c3, 2)
        )
        self.context = nn.Sequential(
            _residuals(c3, c4, 2), _residuals(c4, c5, 2), _residuals(c5, c6, 1), PyramidPooling(c6)
        )
        self.fusion = FeatureFusion(c3, c6, c6)
        self.classifier = nn.Sequential(
            _separable(c6, c6),
            _separable(c6, c6),
            nn.Dropout(dropout),
            nn.Conv2d(c6, classes, 1),
        )
        self.auxiliary_details = _auxiliary(c3, classes)
        self.auxiliary_context = _auxiliary(c6, classes)
        he_initialise(self.modules())

    def forward(self, image: Tensor) -> Tensor | tuple[Tensor, ...]:
        details = self.downsample(image)
        context = self.context(details)
        logits: Tensor = self.classifier(self.fusion(details, context))
        if not self.training:
            return resized_like(logits, image)
        return logits, self.auxiliary_details(details), self.auxiliary_context(context)
