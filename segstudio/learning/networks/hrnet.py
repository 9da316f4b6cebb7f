"""HRNet: several resolutions side by side that exchange (Wang et al. 2020, HRNetV2).

Parameters below ``encoder`` are named as in the authors' code and in timm.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from segstudio.learning.networks.layers import conv, conv_norm_relu, he_initialise, resized_like
from segstudio.learning.networks.resnet import BasicBlock, Body, Bottleneck


def _across(inputs: int, outputs: int, source: int, target: int) -> nn.Module:
    """Return the way from one resolution to another; resizing up is left to the caller."""
    if source == target:
        return nn.Identity()
    if source > target:
        return nn.Sequential(conv(inputs, outputs, 1), nn.BatchNorm2d(outputs))
    steps: list[nn.Module] = [
        conv_norm_relu(inputs, inputs, 3, 2) for _ in range(target - source - 1)
    ]
    last = nn.Sequential(conv(inputs, outputs, 3, 2), nn.BatchNorm2d(outputs))
    return nn.Sequential(*steps, last)


class Exchange(nn.Module):
    """Residual blocks at each resolution, then each becomes the sum of all."""

    def __init__(self, channels: tuple[int, ...], blocks: int) -> None:
        super().__init__()
        self.branches = nn.ModuleList(
            nn.Sequential(*(BasicBlock(n, n, Body()) for _ in range(blocks))) for n in channels
        )
        places = range(len(channels))
        self.fuse_layers = nn.ModuleList(
            nn.ModuleList(_across(channels[j], channels[i], j, i) for j in places) for i in places
        )

    def forward(self, maps: list[Tensor]) -> list[Tensor]:
        maps = [branch(x) for branch, x in zip(self.branches, maps, strict=True)]
        return [self._sum(i, maps) for i in range(len(maps))]

    def _sum(self, target: int, maps: list[Tensor]) -> Tensor:
        total = maps[target]
        ways = self.fuse_layers[target]
        assert isinstance(ways, nn.ModuleList)
        for source, (way, x) in enumerate(zip(ways, maps, strict=True)):
            if source != target:
                total = total + (resized_like(way(x), total) if source > target else way(x))
        return F.relu(total)


class HRNet(nn.Module):
    """The encoder: to each stage of exchanges comes a map of half the sides.

    ``stem`` are the channels at 1/4, ``first`` the narrow ones of the first layer. Gives the
    maps of all resolutions, 1/4 … 1/32.
    """

    def __init__(
        self, bands: int, stem: int, first: int, channels: tuple[int, ...], blocks: tuple[int, int]
    ) -> None:
        super().__init__()
        self.conv1 = conv(bands, stem, 3, 2)
        self.bn1 = nn.BatchNorm2d(stem)
        self.conv2 = conv(stem, stem, 3, 2)
        self.bn2 = nn.BatchNorm2d(stem)
        wide = first * Bottleneck.expansion
        bottlenecks = [Bottleneck(n, first, Body()) for n in (stem, *[wide] * (blocks[0] - 1))]
        self.layer1 = nn.Sequential(*bottlenecks)
        self.resolutions = len(channels)
        given: tuple[int, ...] = (wide,)
        for number in range(2, self.resolutions + 1):
            wanted = channels[:number]
            setattr(self, f"transition{number - 1}", _transition(given, wanted))
            # A sequence of one: the larger networks exchange more often in a stage.
            setattr(self, f"stage{number}", nn.Sequential(Exchange(wanted, blocks[1])))
            given = wanted
        he_initialise(self.modules())

    def forward(self, image: Tensor) -> list[Tensor]:
        x = F.relu(self.bn1(self.conv1(image)), inplace=True)
        x = F.relu(self.bn2(self.conv2(x)), inplace=True)
        maps = [self.layer1(x)]
        for number in range(2, self.resolutions + 1):
            ways = getattr(self, f"transition{number - 1}")
            # The new resolution begins from the coarsest one that there was.
            maps = [way(x) for way, x in zip(ways, [*maps, maps[-1]], strict=True)]
            maps = getattr(self, f"stage{number}")(maps)
        return maps


def _transition(given: tuple[int, ...], wanted: tuple[int, ...]) -> nn.ModuleList:
    """Return the ways from the maps of a stage, the last one twice, to those of the next."""
    ways = [
        nn.Identity() if have == want else conv_norm_relu(have, want)
        for have, want in zip(given, wanted, strict=False)
    ]
    return nn.ModuleList([*ways, nn.Sequential(conv_norm_relu(given[-1], wanted[-1], 3, 2))])


class HRNetSegmentation(nn.Module):
    """All resolutions of the encoder, brought to 1/4, classified together (HRNetV2)."""

    def __init__(self, encoder: HRNet, channels: int, classes: int, dropout: float) -> None:
        super().__init__()
        self.encoder = encoder
        self.merge = conv_norm_relu(channels, channels, 1)
        self.dropout = nn.Dropout2d(dropout)
        self.head = nn.Conv2d(channels, classes, 1)
        he_initialise([*self.merge.modules(), self.head])

    def forward(self, image: Tensor) -> Tensor | tuple[Tensor]:
        finest, *coarser = self.encoder(image)
        together = torch.cat([finest, *(resized_like(x, finest) for x in coarser)], 1)
        logits: Tensor = self.head(self.dropout(self.merge(together)))
        return (logits,) if self.training else resized_like(logits, image)
