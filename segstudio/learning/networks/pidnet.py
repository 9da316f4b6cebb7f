"""PIDNet: branches for detail, context and boundaries (Xu et al. 2023).

The paper teaches the third branch boundaries. Here every head learns the classes, because
labels are all that a trainer is given; what the branch is fused by stays the same.
"""

from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from segstudio.learning.networks.ddrnet import BasicBlock, Bottleneck, SegmentationHead
from segstudio.learning.networks.layers import (
    conv,
    conv_norm_relu,
    he_initialise,
    norm_relu_conv,
    resized_like,
)

WINDOWS = ((5, 2), (9, 4), (17, 8))
"""Kernels and strides of the surroundings."""

SCALES = len(WINDOWS) + 1


def _projected(inputs: int, outputs: int, kernel: int = 1) -> nn.Sequential:
    return nn.Sequential(conv(inputs, outputs, kernel), nn.BatchNorm2d(outputs))


def _stage(inputs: int, outputs: int, blocks: int, stride: int = 1) -> nn.Sequential:
    """Return residual blocks; the last ReLU is left to the caller."""
    parts: list[nn.Module] = [BasicBlock(inputs, outputs, stride)]
    for _ in range(blocks - 1):
        parts += [nn.ReLU(), BasicBlock(outputs, outputs)]
    return nn.Sequential(*parts)


class Guided(nn.Module):
    """Takes from the context, pixel by pixel, as much as it agrees with the detail (Pag)."""

    def __init__(self, channels: int, middle: int) -> None:
        super().__init__()
        self.detail = _projected(channels, middle)
        self.context = _projected(channels, middle)

    def forward(self, detail: Tensor, context: Tensor) -> Tensor:
        asked = resized_like(self.context(context), detail)
        agreement = torch.sigmoid((self.detail(detail) * asked).sum(1, keepdim=True))
        return detail + agreement * (resized_like(context, detail) - detail)


class PyramidPooling(nn.Module):
    """PAPPM: the context of growing surroundings, all processed at once."""

    def __init__(self, inputs: int, branch: int, outputs: int) -> None:
        super().__init__()
        self.itself = norm_relu_conv(inputs, branch)
        # The last one is for the mean of the whole picture.
        self.norms = nn.ModuleList(nn.BatchNorm2d(inputs) for _ in range(SCALES))
        self.narrow = nn.ModuleList(conv(inputs, branch, 1) for _ in range(SCALES))
        merged = branch * SCALES
        self.process = nn.Sequential(
            nn.BatchNorm2d(merged),
            nn.ReLU(inplace=True),
            conv(merged, merged, 3, groups=SCALES),
        )
        self.compression = norm_relu_conv(merged + branch, outputs)
        self.shortcut = norm_relu_conv(inputs, outputs)

    def forward(self, x: Tensor) -> Tensor:
        itself = self.itself(x)
        # Normalised before they are pooled, which comes to the same but for the statistics: the
        # mean of one picture has no variance.
        normed = [norm(x) for norm in self.norms]
        pooled = [
            # Padding is not counted, so that small pictures see the same averages as large ones.
            F.avg_pool2d(part, kernel, stride, kernel // 2, count_include_pad=False)
            for part, (kernel, stride) in zip(normed, WINDOWS, strict=False)
        ]
        pooled.append(normed[-1].mean((2, 3), keepdim=True))
        parts = [narrow(F.relu(part)) for narrow, part in zip(self.narrow, pooled, strict=True)]
        around = self.process(torch.cat([resized_like(part, x) + itself for part in parts], 1))
        return torch.add(self.compression(torch.cat([itself, around], 1)), self.shortcut(x))


class Fusion(nn.Module):
    """Detail where the boundary branch speaks, context elsewhere (Light-Bag)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.detail = _projected(channels, channels)
        self.context = _projected(channels, channels)

    def forward(self, detail: Tensor, context: Tensor, boundary: Tensor) -> Tensor:
        edge = torch.sigmoid(boundary)
        return torch.add(
            self.detail(detail + (1 - edge) * context), self.context(context + edge * detail)
        )


class PIDNet(nn.Module):
    """Three branches after a common stem: detail and boundaries at 1/8, context down to 1/64.

    ``c`` is the width of the stem; ``pooled`` and ``head`` are those of the pyramid's branches
    and of the heads.
    """

    deepest: ClassVar[str] = "layer5"

    def __init__(
        self, bands: int, classes: int, c: int, pooled: int, head: int, dropout: float
    ) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            conv_norm_relu(bands, c, 3, 2), conv_norm_relu(c, c, 3, 2), _stage(c, c, 2), nn.ReLU()
        )
        self.layer2 = _stage(c, 2 * c, 2, 2)
        self.layer3 = _stage(2 * c, 4 * c, 3, 2)
        self.layer4 = _stage(4 * c, 8 * c, 3, 2)
        self.layer5 = nn.Sequential(Bottleneck(8 * c, 8 * c, 2), Bottleneck(16 * c, 8 * c))
        self.context = PyramidPooling(16 * c, pooled, 4 * c)

        self.detail3 = _stage(2 * c, 2 * c, 2)
        self.detail4 = _stage(2 * c, 2 * c, 2)
        self.detail5 = Bottleneck(2 * c, 2 * c)
        self.compression3 = _projected(4 * c, 2 * c)
        self.compression4 = _projected(8 * c, 2 * c)
        self.guided3 = Guided(2 * c, c)
        self.guided4 = Guided(2 * c, c)

        self.boundary3 = BasicBlock(2 * c, c)
        self.boundary4 = Bottleneck(c, c)
        self.boundary5 = Bottleneck(2 * c, 2 * c)
        self.difference3 = _projected(4 * c, c, 3)
        self.difference4 = _projected(8 * c, 2 * c, 3)

        self.fusion = Fusion(4 * c)
        self.dropout = nn.Dropout2d(dropout)
        self.head = SegmentationHead(4 * c, head, classes)
        self.auxiliary_detail = SegmentationHead(2 * c, head, classes)
        self.auxiliary_boundary = SegmentationHead(2 * c, c, classes)
        he_initialise(self.modules())

    def forward(self, image: Tensor) -> Tensor | tuple[Tensor, ...]:
        shared = F.relu(self.layer2(self.stem(image)))
        context = F.relu(self.layer3(shared))
        detail = self.guided3(self.detail3(shared), self.compression3(context))
        boundary = self.boundary3(shared)
        boundary = boundary + resized_like(self.difference3(context), boundary)
        early = detail

        context = F.relu(self.layer4(context))
        detail = self.guided4(self.detail4(F.relu(detail)), self.compression4(context))
        boundary = self.boundary4(F.relu(boundary))
        boundary = boundary + resized_like(self.difference4(context), boundary)
        edges = boundary

        detail = self.detail5(F.relu(detail))
        boundary = self.boundary5(F.relu(boundary))
        context = resized_like(self.context(self.layer5(context)), detail)
        logits: Tensor = self.head(self.dropout(self.fusion(detail, context, boundary)))
        if not self.training:
            return resized_like(logits, image)
        return logits, self.auxiliary_detail(early), self.auxiliary_boundary(edges)
