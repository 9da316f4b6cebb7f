"""Encoders: those whose weights may come from elsewhere, and where each network has its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

from torch import Tensor, nn

ENCODER = "encoder"
"""What the encoder of a network is called, by custom."""


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


def deepest_of(module: nn.Module) -> nn.Module | None:
    """Return the part of a network that gives its encoder's deepest map; None where it has none.

    That is the part called ``encoder`` unless the network names another in ``deepest``. What it
    gives is that map, or a list of maps of which that is the last.
    """
    found: nn.Module | None = dict(module.named_modules()).get(getattr(module, "deepest", ENCODER))
    return found


@contextmanager
def giving_features(module: nn.Module, part: nn.Module) -> Iterator[None]:
    """Let a network, meanwhile, give what a ``part`` of it gives beside its logits."""
    given: list[Tensor] = []

    def keep(_part: nn.Module, _inputs: Any, maps: Tensor | list[Tensor]) -> None:
        given[:] = [maps if isinstance(maps, Tensor) else maps[-1]]

    def add(_module: nn.Module, _inputs: Any, logits: Tensor) -> tuple[Tensor, Tensor]:
        return logits, given.pop()

    hooks = part.register_forward_hook(keep), module.register_forward_hook(add)
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()
