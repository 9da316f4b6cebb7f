"""Networks on an encoder whose weights may come from elsewhere, and may be kept as they came."""

from typing import Self

from torch import nn


class Encoded(nn.Module):
    """A network on an ``encoder``; a ``frozen`` one neither learns nor moves its statistics."""

    def __init__(self, encoder: nn.Module, frozen: bool = False) -> None:
        super().__init__()
        self.encoder, self.frozen = encoder, frozen
        if frozen:
            encoder.requires_grad_(False)

    def train(self, mode: bool = True) -> Self:
        super().train(mode)
        if self.frozen:
            self.encoder.eval()
        return self
