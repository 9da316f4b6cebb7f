"""ENet: very few parameters, early downsampling (Paszke et al. 2016).

Where the paper unpools with the indices of the maxima, this resizes bilinearly: indices do not
export to ONNX.
"""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from segstudio.learning.networks.layers import conv, he_initialise, padded_to

STRIDE = 8

START = 0.3
"""What a branch counts at first, beside its shortcut."""

DILATIONS = (1, 2, 0, 4, 1, 8, 0, 16)
"""What the stages at 1/8 look at in turn; 0 stands for 5 × 1 and 1 × 5."""

Activation = Callable[[int], nn.Module]
"""PReLU, learned for each channel, in the encoder; ReLU in the decoder."""


def _relu(_channels: int) -> nn.Module:
    return nn.ReLU()


def _normed(channels: int, activation: Activation) -> list[nn.Module]:
    return [nn.BatchNorm2d(channels), activation(channels)]


def _spatial(channels: int, dilation: int) -> list[nn.Module]:
    if dilation:
        layer = nn.Conv2d(channels, channels, 3, 1, dilation, dilation, bias=False)
        return [layer]
    return [
        nn.Conv2d(channels, channels, (5, 1), padding=(2, 0), bias=False),
        nn.Conv2d(channels, channels, (1, 5), padding=(0, 2), bias=False),
    ]


class Branch(nn.Sequential):
    """Narrows, convolves, widens; forgets whole channels at random while training."""

    def __init__(
        self,
        narrowing: nn.Conv2d,
        middle: Sequence[nn.Module],
        outputs: int,
        activation: Activation,
        dropout: float,
    ) -> None:
        narrow = narrowing.out_channels
        super().__init__(
            narrowing,
            *_normed(narrow, activation),
            *middle,
            *_normed(narrow, activation),
            conv(narrow, outputs, 1),
            nn.BatchNorm2d(outputs),
            nn.Dropout2d(dropout),
        )

    def begin_small(self) -> None:
        """Weaken the branch before training: two dozen in a row would add up otherwise."""
        norm = self[-2]
        assert isinstance(norm, nn.BatchNorm2d)
        nn.init.constant_(norm.weight, START)


class Initial(nn.Module):
    """A strided convolution beside the pooled picture, at 1/2."""

    def __init__(self, bands: int, channels: int) -> None:
        super().__init__()
        # Many bands leave some convolutions too.
        convolved = max(channels - bands, channels // 2)
        self.channels = convolved + bands
        self.conv = conv(bands, convolved, 3, 2)
        self.normed = nn.Sequential(*_normed(self.channels, nn.PReLU))

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.normed(torch.cat([self.conv(x), F.max_pool2d(x, 2)], 1))
        return y


class Bottleneck(nn.Module):
    """A branch beside its input. ``dilation`` as in `DILATIONS`."""

    def __init__(
        self, channels: int, activation: Activation, dropout: float, dilation: int = 1
    ) -> None:
        super().__init__()
        narrow = max(1, channels // 4)
        middle = _spatial(narrow, dilation)
        self.branch = Branch(conv(channels, narrow, 1), middle, channels, activation, dropout)
        self.activation = activation(channels)

    def forward(self, x: Tensor) -> Tensor:
        y: Tensor = self.activation(x + self.branch(x))
        return y


class Down(nn.Module):
    """Halves the sides: a branch beside the maxima, which get empty channels."""

    def __init__(self, inputs: int, outputs: int, dropout: float) -> None:
        super().__init__()
        narrow = max(1, inputs // 4)
        self.empty = outputs - inputs
        narrowing = nn.Conv2d(inputs, narrow, 2, 2, bias=False)
        self.branch = Branch(narrowing, [conv(narrow, narrow)], outputs, nn.PReLU, dropout)
        self.activation = nn.PReLU(outputs)

    def forward(self, x: Tensor) -> Tensor:
        shortcut = F.pad(F.max_pool2d(x, 2), (0, 0, 0, 0, 0, self.empty))
        y: Tensor = self.activation(shortcut + self.branch(x))
        return y


class Up(nn.Module):
    """Doubles the sides: a branch with a transposed convolution beside the resized input."""

    def __init__(self, inputs: int, outputs: int, dropout: float) -> None:
        super().__init__()
        narrow = max(1, inputs // 4)
        self.shortcut = nn.Sequential(conv(inputs, outputs, 1), nn.BatchNorm2d(outputs))
        middle = nn.ConvTranspose2d(narrow, narrow, 3, 2, 1, output_padding=1, bias=False)
        self.branch = Branch(conv(inputs, narrow, 1), [middle], outputs, _relu, dropout)

    def forward(self, x: Tensor) -> Tensor:
        shortcut = F.interpolate(
            self.shortcut(x), scale_factor=2.0, mode="bilinear", align_corners=False
        )
        return F.relu(shortcut + self.branch(x))


class ENet(nn.Module):
    """Most of its work is at 1/8, with growing dilation; the decoder only refines.

    ``channels`` are those at 1/2, 1/4 and 1/8. ``dropout`` is a tenth as large at 1/4.
    """

    def __init__(
        self, bands: int, classes: int, channels: tuple[int, int, int], dropout: float
    ) -> None:
        super().__init__()
        c1, c2, c3 = channels
        initial = Initial(bands, c1)
        c2 = max(c2, initial.channels)
        self.encoder = nn.Sequential(
            initial,
            Down(initial.channels, c2, dropout / 10),
            *(Bottleneck(c2, nn.PReLU, dropout / 10) for _ in range(4)),
            Down(c2, c3, dropout),
            *(Bottleneck(c3, nn.PReLU, dropout, n) for n in DILATIONS * 2),
        )
        self.decoder = nn.Sequential(
            Up(c3, c2, dropout),
            Bottleneck(c2, _relu, dropout),
            Bottleneck(c2, _relu, dropout),
            Up(c2, c1, dropout),
            Bottleneck(c1, _relu, dropout),
        )
        self.head = nn.ConvTranspose2d(c1, classes, 3, 2, 1, output_padding=1)
        he_initialise(self.modules())
        for module in self.modules():
            if isinstance(module, Branch):
                module.begin_small()

    def forward(self, image: Tensor) -> Tensor | tuple[Tensor]:
        features = self.decoder(self.encoder(padded_to(image, STRIDE)))
        logits: Tensor = self.head(features)[:, :, : image.shape[2], : image.shape[3]]
        return (logits,) if self.training else logits
