"""U-Net on ResNet (S4): the classic decoder over four maps of the encoder and the picture."""

import torch
from torch import Tensor, nn

from segstudio.learning.networks.encoded import Encoded
from segstudio.learning.networks.layers import he_initialise, padded_to
from segstudio.learning.networks.resnet import ResNet
from segstudio.learning.networks.unet import Side, Stage, Style

DEPTH = 4
"""Maps of the encoder that are used, 1/2 … 1/16: its last layer is left out."""


class UNetResNet(Encoded):
    """From 1/16 up to the picture itself; each step takes in what the encoder had there.

    ``channels`` are those of the four steps, finest first.
    """

    def __init__(
        self,
        encoder: ResNet,
        bands: int,
        classes: int,
        channels: tuple[int, ...],
        style: Style,
        frozen: bool = False,
    ) -> None:
        super().__init__(encoder, frozen)
        skips = (bands, *encoder.channels[:-1])
        below = (*channels[1:], encoder.channels[-1])
        self.up = nn.ModuleList(
            nn.ConvTranspose2d(inputs, outputs, 2, 2)
            for inputs, outputs in zip(below, channels, strict=True)
        )
        self.merge = nn.ModuleList(
            Stage(skip + outputs, outputs, Side(channels), style)
            for skip, outputs in zip(skips, channels, strict=True)
        )
        self.dropout = nn.Dropout2d(style.dropout)
        self.head = nn.Conv2d(channels[0], classes, 1)
        he_initialise([*self.merge.modules(), self.head])

    def forward(self, image: Tensor) -> Tensor | tuple[Tensor]:
        padded = padded_to(image, 1 << DEPTH)
        skips = [padded, *self.encoder(padded)]
        x = self.dropout(skips.pop())
        for up, merge in zip(reversed(self.up), reversed(self.merge), strict=True):
            x = merge(torch.cat([skips.pop(), up(x)], 1))
        logits: Tensor = self.head(x)[:, :, : image.shape[2], : image.shape[3]]
        return (logits,) if self.training else logits
