"""FCN-8s: fully convolutional VGG-16 with skips from 1/8 and 1/16 (Long et al. 2015)."""

from torch import Tensor, nn

from segstudio.learning.networks.encoded import Encoded
from segstudio.learning.networks.layers import he_initialise, resized_like

PLAN = ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3))
"""Channels and convolutions of VGG-16's stages."""


class Vgg16(nn.Module):
    """The convolutions of VGG-16 with batch normalisation, named as torchvision names them.

    Gives the maps after each pooling, 1/2 … 1/32.
    """

    def __init__(self, bands: int, channels: tuple[int, ...]) -> None:
        super().__init__()
        parts: list[nn.Module] = []
        self.ends = []
        inputs = bands
        for outputs, (_, convolutions) in zip(channels, PLAN, strict=True):
            for _ in range(convolutions):
                parts += [
                    nn.Conv2d(inputs, outputs, 3, padding=1),
                    nn.BatchNorm2d(outputs),
                    nn.ReLU(inplace=True),
                ]
                inputs = outputs
            # Rounded up, so that no row is lost and small pictures come through.
            parts.append(nn.MaxPool2d(2, 2, ceil_mode=True))
            self.ends.append(len(parts))
        self.features = nn.Sequential(*parts)

    def forward(self, image: Tensor) -> list[Tensor]:
        maps, x = [], image
        for number, layer in enumerate(self.features, 1):
            x = layer(x)
            if number in self.ends:
                maps.append(x)
        return maps


class Fcn8s(Encoded):
    """Scores at 1/32, refined by those at 1/16 and 1/8.

    ``width`` is that of the two layers that were VGG's classifier.
    """

    def __init__(
        self,
        bands: int,
        classes: int,
        channels: tuple[int, ...],
        width: int,
        dropout: float = 0.0,
        frozen: bool = False,
    ) -> None:
        super().__init__(Vgg16(bands, channels), frozen)
        self.classifier = nn.Sequential(
            nn.Conv2d(channels[-1], width, 7, padding=3, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(inplace=True),
            nn.Dropout2d(dropout),
            nn.Conv2d(width, width, 1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(inplace=True),
            nn.Dropout2d(dropout),
            nn.Conv2d(width, classes, 1),
        )
        self.head_16 = nn.Conv2d(channels[3], classes, 1)
        self.head_8 = nn.Conv2d(channels[2], classes, 1)
        he_initialise(self.modules())

    def forward(self, image: Tensor) -> Tensor | tuple[Tensor]:
        _, _, eighth, sixteenth, last = self.encoder(image)
        logits = resized_like(self.classifier(last), sixteenth) + self.head_16(sixteenth)
        logits = resized_like(logits, eighth) + self.head_8(eighth)
        return (logits,) if self.training else resized_like(logits, image)
