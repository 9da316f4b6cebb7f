"""Scale-CNN: one plain encoder and decoder, to be had at three widths (Ran 2024, S3)."""

import math
from typing import ClassVar

from torch import Tensor, nn

from segstudio.learning.networks.layers import he_initialise, padded_to

STRIDE = 8
"""Three stages halve the sides."""


def _down(inputs: int, outputs: int) -> list[nn.Module]:
    """Return a convolution that halves the sides and one that keeps them."""
    return [nn.Conv2d(inputs, outputs, 3, 2, 1), nn.Conv2d(outputs, outputs, 3, 1, 1)]


def _up(inputs: int, outputs: int) -> list[nn.Module]:
    """Return a transposed convolution that keeps the sides and one that doubles them."""
    return [
        nn.ConvTranspose2d(inputs, outputs, 3, 1, 1),
        nn.ConvTranspose2d(outputs, outputs, 3, 2, 1, output_padding=1),
    ]


def _initialise(layer: nn.Module) -> None:
    """Draw a layer after He et al. 2015, so that the signal neither fades nor grows on its way."""
    assert isinstance(layer, nn.Conv2d | nn.ConvTranspose2d)
    assert layer.bias is not None
    # A transposed convolution of stride 2 reaches each pixel with a quarter of its kernel.
    reached = 9 / layer.stride[0] ** 2 if isinstance(layer, nn.ConvTranspose2d) else 9
    nn.init.normal_(layer.weight, std=math.sqrt(2 / (layer.in_channels * reached)))
    nn.init.zeros_(layer.bias)


def _active(layers: list[nn.Module], outputs: int, norm: bool) -> list[nn.Module]:
    """Return the layers, a ReLU after each and, if wished, a normalisation after that.

    The normalisation has no parameters, so that the published counts hold, and it stands after
    the ReLU: before it, it would undo the biases.
    """
    parts: list[nn.Module] = []
    for layer in layers:
        _initialise(layer)
        parts += [layer, nn.ReLU(inplace=True)]
        if norm:
            parts.append(nn.BatchNorm2d(outputs, affine=False))
    return parts


class ScaleCnn(nn.Module):
    """3 × 3 convolutions throughout, biases, no skips.

    ``channels`` are those of the encoder's stages; the decoder has the same in reverse.
    """

    deepest: ClassVar[str] = "down"

    def __init__(
        self, bands: int, classes: int, channels: tuple[int, ...], norm: bool, dropout: float
    ) -> None:
        super().__init__()
        down, up, inputs = [], [], bands
        for outputs in channels:
            down += _active(_down(inputs, outputs), outputs, norm)
            inputs = outputs
        for outputs in reversed(channels):
            up += _active(_up(inputs, outputs), outputs, norm)
            inputs = outputs
        self.down = nn.Sequential(*down)
        self.dropout = nn.Dropout2d(dropout)
        self.up = nn.Sequential(*up)
        self.head = nn.Conv2d(inputs, classes, 3, padding=1)
        he_initialise([self.head])

    def forward(self, image: Tensor) -> Tensor | tuple[Tensor]:
        features = self.dropout(self.down(padded_to(image, STRIDE)))
        logits: Tensor = self.head(self.up(features))[:, :, : image.shape[2], : image.shape[3]]
        return (logits,) if self.training else logits
