"""PSPNet: the context of four grids over the picture (Zhao et al. 2017), light enough for a CPU."""

import torch
from torch import Tensor, nn

from segstudio.learning.networks.encoded import Encoded
from segstudio.learning.networks.layers import area_pool, he_initialise, resized_like
from segstudio.learning.networks.resnet import ResNet

BINS = (1, 2, 3, 6)


class PyramidPooling(nn.Module):
    """The features, beside their means over 1, 4, 9 and 36 parts of the picture."""

    def __init__(self, channels: int, norm: bool) -> None:
        super().__init__()
        branch = max(1, channels // len(BINS))
        # A batch normalisation over the one mean of the whole picture would see no variance.
        self.branches = nn.ModuleList(
            pointwise(channels, branch, norm and bins > 1) for bins in BINS
        )
        self.channels = channels + branch * len(BINS)

    def forward(self, x: Tensor) -> Tensor:
        parts = [
            resized_like(branch(area_pool(x, bins)), x)
            for branch, bins in zip(self.branches, BINS, strict=True)
        ]
        return torch.cat([x, *parts], 1)


def pointwise(inputs: int, outputs: int, norm: bool) -> nn.Sequential:
    """Return a 1 × 1 convolution with ReLU, normalised or not."""
    parts: list[nn.Module] = [nn.Conv2d(inputs, outputs, 1, bias=not norm)]
    if norm:
        parts.append(nn.BatchNorm2d(outputs))
    return nn.Sequential(*parts, nn.ReLU(inplace=True))


class PSPNet(Encoded):
    """Pyramid pooling over the last map of an encoder, then one classifier.

    ``width`` is that of the decoder, which ``norm`` normalises. ``separable`` makes the
    classifier a depthwise and a 1 × 1 convolution.
    """

    def __init__(
        self,
        encoder: ResNet,
        classes: int,
        width: int,
        norm: bool = True,
        separable: bool = False,
        dropout: float = 0.0,
        frozen: bool = False,
    ) -> None:
        super().__init__(encoder, frozen)
        self.context = PyramidPooling(encoder.channels[-1], norm)
        self.merge = pointwise(self.context.channels, width, norm)
        self.dropout = nn.Dropout2d(dropout)
        self.head: nn.Module = nn.Conv2d(width, classes, 3, padding=1)
        if separable:
            self.head = nn.Sequential(
                nn.Conv2d(width, width, 3, padding=1, groups=width, bias=False),
                nn.Conv2d(width, classes, 1),
            )
        he_initialise([*self.context.modules(), *self.merge.modules(), *self.head.modules()])

    def forward(self, image: Tensor) -> Tensor | tuple[Tensor]:
        features = self.encoder(image)[-1]
        logits: Tensor = self.head(self.dropout(self.merge(self.context(features))))
        return (logits,) if self.training else resized_like(logits, image)
