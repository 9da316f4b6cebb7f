"""U-Net++: a U-Net whose skips are networks themselves (Zhou et al. 2018)."""

from itertools import pairwise
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from segstudio.learning.networks.layers import he_initialise, padded_to
from segstudio.learning.networks.unet import Side, Stage, Style


class UNetPlusPlus(nn.Module):
    """A triangle of stages: each sees all those left of it and, enlarged, the one below.

    ``channels`` are those of the levels, finest first. With ``supervised`` every stage of the
    finest level has a head of its own while training; the last one counts.
    """

    deepest: ClassVar[str] = "down.4"

    def __init__(
        self, bands: int, classes: int, channels: tuple[int, ...], style: Style, supervised: bool
    ) -> None:
        super().__init__()
        side = Side(channels)
        self.down = nn.ModuleList(
            Stage(inputs, outputs, side, style)
            for inputs, outputs in zip((bands, *channels[:-1]), channels, strict=True)
        )
        self.up = nn.ModuleList()
        self.merge = nn.ModuleList()
        for left in range(1, len(channels)):
            pairs = list(pairwise(channels))[: len(channels) - left]
            self.up.append(
                nn.ModuleList(nn.ConvTranspose2d(low, here, 2, 2) for here, low in pairs)
            )
            self.merge.append(
                nn.ModuleList(Stage((left + 1) * here, here, side, style) for here, _ in pairs)
            )
        self.dropout = nn.Dropout2d(style.dropout)
        self.head = nn.Conv2d(channels[0], classes, 1)
        self.auxiliary = nn.ModuleList(
            nn.Conv2d(channels[0], classes, 1) for _ in self.merge[:-1] if supervised
        )
        he_initialise(self.modules())

    def forward(self, image: Tensor) -> Tensor | tuple[Tensor, ...]:
        finest = self._finest(padded_to(image, 1 << (len(self.down) - 1)))
        height, width = image.shape[2:]
        logits: Tensor = self.head(finest[-1])[:, :, :height, :width]
        if not self.training:
            return logits
        early = zip(self.auxiliary, finest, strict=False)
        return logits, *(head(x)[:, :, :height, :width] for head, x in early)

    def _finest(self, x: Tensor) -> list[Tensor]:
        """Return the maps of the finest level, all but the first."""
        rows: list[list[Tensor]] = []
        for level, stage in enumerate(self.down):
            x = stage(x if level == 0 else F.max_pool2d(x, 2))
            rows.append([x])
        rows[-1] = [self.dropout(x)]
        for place in range(len(self.up)):
            rows = self._next(place, rows)
        return rows[0][1:]

    def _next(self, place: int, rows: list[list[Tensor]]) -> list[list[Tensor]]:
        """Return the rows, each longer by one map, without the coarsest."""
        ups, merges = self.up[place], self.merge[place]
        assert isinstance(ups, nn.ModuleList)
        assert isinstance(merges, nn.ModuleList)
        return [
            [*row, merge(torch.cat([*row, up(below[-1])], 1))]
            for row, below, up, merge in zip(rows[:-1], rows[1:], ups, merges, strict=True)
        ]
