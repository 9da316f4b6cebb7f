"""DeepLabv3+: dilated context, sharpened by early features (Chen et al. 2018)."""

import torch
from torch import Tensor, nn

from segstudio.learning.networks.encoded import Encoded
from segstudio.learning.networks.layers import conv_norm_relu, he_initialise, resized_like

RATES = (6, 12, 18)
"""Dilation of the context at 1/16."""


def dilated(inputs: int, outputs: int, rate: int) -> nn.Sequential:
    """Return a depthwise 3 × 3 convolution that looks ``rate`` pixels far, and a 1 × 1 one."""
    return nn.Sequential(
        nn.Conv2d(inputs, inputs, 3, padding=rate, dilation=rate, groups=inputs, bias=False),
        nn.BatchNorm2d(inputs),
        nn.ReLU(inplace=True),
        *conv_norm_relu(inputs, outputs, 1),
    )


class Context(nn.Module):
    """Atrous spatial pyramid pooling: four reaches and the mean of the picture."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.near = conv_norm_relu(inputs, outputs, 1)
        self.far = nn.ModuleList(dilated(inputs, outputs, rate) for rate in RATES)
        # Without normalisation: the mean of one picture has no variance.
        self.whole = nn.Sequential(nn.Conv2d(inputs, outputs, 1), nn.ReLU(inplace=True))
        self.merge = conv_norm_relu(outputs * (2 + len(RATES)), outputs, 1)

    def forward(self, x: Tensor) -> Tensor:
        whole = resized_like(self.whole(x.mean((2, 3), keepdim=True)), x)
        parts = [self.near(x), *(part(x) for part in self.far), whole]
        merged: Tensor = self.merge(torch.cat(parts, 1))
        return merged


class DeepLab(Encoded):
    """Context of the last map of an encoder, merged with an early map (at 1/4).

    The encoder gives a list of maps of ``channels``; ``early`` is the place of the early one.
    ``width`` is that of the decoder.
    """

    def __init__(
        self,
        encoder: nn.Module,
        channels: list[int],
        early: int,
        classes: int,
        width: int,
        dropout: float = 0.0,
        frozen: bool = False,
    ) -> None:
        super().__init__(encoder, frozen)
        self.early = early
        narrow = max(8, width // 5 // 8 * 8)
        self.context = Context(channels[-1], width)
        self.details = conv_norm_relu(channels[early], narrow, 1)
        self.merge = nn.Sequential(dilated(width + narrow, width, 1), dilated(width, width, 1))
        self.dropout = nn.Dropout2d(dropout)
        self.head = nn.Conv2d(width, classes, 1)
        parts = (self.context, self.details, self.merge, self.head)
        he_initialise(module for part in parts for module in part.modules())

    def forward(self, image: Tensor) -> Tensor | tuple[Tensor]:
        maps = self.encoder(image)
        details = self.details(maps[self.early])
        context = resized_like(self.context(maps[-1]), details)
        logits: Tensor = self.head(self.dropout(self.merge(torch.cat([context, details], 1))))
        return (logits,) if self.training else resized_like(logits, image)
