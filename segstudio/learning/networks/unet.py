"""U-Net (Ronneberger et al. 2015) with the scalings of Hmyria & Kravets 2024 (S0)."""

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from segstudio.learning.networks.layers import he_initialise, padded_to, resized_like

STAGES = 5
"""The last of them is the bottom; each halves the sides of the one before."""


@dataclass(frozen=True)
class Side:
    """Encoder or decoder: the channels of its stages, finest first, and how deep each is.

    ``residual`` convolutions come on top of ``convolutions`` in each stage, with a shortcut
    around them.
    """

    channels: tuple[int, ...]
    convolutions: int = 2
    residual: int = 0


@dataclass(frozen=True)
class Style:
    """What the convolutions are made of."""

    elu: bool = True
    norm: bool = True
    dropout: float = 0.0

    def activation(self) -> nn.Module:
        return nn.ELU(inplace=True) if self.elu else nn.ReLU(inplace=True)

    def conv(self, inputs: int, outputs: int) -> nn.Sequential:
        """Return a 3 × 3 convolution with normalisation and activation."""
        parts: list[nn.Module] = [nn.Conv2d(inputs, outputs, 3, padding=1, bias=not self.norm)]
        if self.norm:
            parts.append(nn.BatchNorm2d(outputs))
        return nn.Sequential(*parts, self.activation())


class Stage(nn.Module):
    """Convolutions one after another, the residual ones with a shortcut around each."""

    def __init__(self, inputs: int, outputs: int, side: Side, style: Style) -> None:
        super().__init__()
        plain = [
            style.conv(inputs if n == 0 else outputs, outputs) for n in range(side.convolutions)
        ]
        self.plain = nn.Sequential(*plain)
        self.residual = nn.ModuleList(style.conv(outputs, outputs) for _ in range(side.residual))

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.plain(x)
        for extra in self.residual:
            y = y + extra(y)
        return y


class UNet(nn.Module):
    """Five stages down by max pooling, four up by transposed convolutions, with skips.

    ``resolution`` is how much larger the picture is made before it goes in.
    """

    deepest: ClassVar[str] = "down.4"

    def __init__(
        self,
        bands: int,
        classes: int,
        encoder: Side,
        decoder: Side,
        style: Style,
        resolution: float = 1.0,
    ) -> None:
        super().__init__()
        self.resolution = resolution
        down, up = encoder.channels, decoder.channels
        self.down = nn.ModuleList(
            Stage(inputs, outputs, encoder, style)
            for inputs, outputs in zip((bands, *down[:-1]), down, strict=True)
        )
        below = (*up[1:], down[-1])
        self.up = nn.ModuleList(
            nn.ConvTranspose2d(inputs, outputs, 2, 2)
            for inputs, outputs in zip(below, up, strict=True)
        )
        self.merge = nn.ModuleList(
            Stage(skip + outputs, outputs, decoder, style)
            for skip, outputs in zip(down[:-1], up, strict=True)
        )
        self.dropout = nn.Dropout2d(style.dropout)
        self.head = nn.Conv2d(up[0], classes, 1)
        he_initialise(self.modules())

    def forward(self, image: Tensor) -> Tensor | tuple[Tensor]:
        x = image
        if self.resolution != 1:
            x = F.interpolate(x, scale_factor=self.resolution, mode="bilinear", align_corners=False)
        logits = self._logits(padded_to(x, 1 << (STAGES - 1)))[:, :, : x.shape[2], : x.shape[3]]
        if self.training:
            return (logits,)
        return logits if self.resolution == 1 else resized_like(logits, image)

    def _logits(self, x: Tensor) -> Tensor:
        skips = []
        for place, stage in enumerate(self.down):
            x = stage(x if place == 0 else F.max_pool2d(x, 2))
            skips.append(x)
        x = self.dropout(skips.pop())
        for up, merge in zip(reversed(self.up), reversed(self.merge), strict=True):
            x = merge(torch.cat([skips.pop(), up(x)], 1))
        logits: Tensor = self.head(x)
        return logits
