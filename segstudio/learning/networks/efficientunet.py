"""U-Net on EfficientNet (Valishin et al. 2025, S1): few multiplications, all at low resolution."""

import torch
from torch import Tensor, nn

from segstudio.learning.networks.efficientnet import EfficientNet
from segstudio.learning.networks.encoded import Encoded
from segstudio.learning.networks.layers import conv_norm_relu, he_initialise, resized_like


class EfficientUNet(Encoded):
    """From 1/32 up to the picture; each step takes in what the encoder had there.

    ``channels`` are those of the five steps, coarsest first: 1/16 … 1/2 and the picture's own
    resolution, where there is no skip.
    """

    def __init__(
        self,
        encoder: EfficientNet,
        classes: int,
        channels: tuple[int, ...],
        dropout: float = 0.0,
        frozen: bool = False,
    ) -> None:
        super().__init__(encoder, frozen)
        *skips, lowest = encoder.channels
        steps = zip((lowest, *channels), (*reversed(skips), 0), channels, strict=False)
        self.decoder = nn.ModuleList(
            nn.Sequential(conv_norm_relu(below + skip, outputs), conv_norm_relu(outputs, outputs))
            for below, skip, outputs in steps
        )
        self.dropout = nn.Dropout2d(dropout)
        self.head = nn.Conv2d(channels[-1], classes, 3, padding=1)
        he_initialise([*self.decoder.modules(), self.head])

    def forward(self, image: Tensor) -> Tensor | tuple[Tensor]:
        *skips, x = self.encoder(image)
        x = self.dropout(x)
        *merging, last = self.decoder
        for step, skip in zip(merging, reversed(skips), strict=True):
            x = step(torch.cat([resized_like(x, skip), skip], 1))
        logits: Tensor = self.head(last(resized_like(x, image)))
        return (logits,) if self.training else logits
