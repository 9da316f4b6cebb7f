"""What training gives: weights, and the card that says how to use them."""

from dataclasses import dataclass
from typing import Any

from torch import Tensor, nn

from segstudio.domain.card import Card
from segstudio.learning.networks.network import Network, networks
from segstudio.settings import build


@dataclass(frozen=True)
class Trained:
    """A trained network before it is exported.

    ``steps`` is how many were taken, ``best_step`` after how many the weights were kept.
    """

    card: Card
    state: dict[str, Tensor]
    steps: int
    best_step: int
    seconds: float

    def module(self) -> nn.Module:
        """Return the network with its weights, ready to predict."""
        module = network_of(self.card).build(self.card.input.bands, len(self.card.classes))
        module.load_state_dict(self.state)
        return module.eval()


def network_of(card: Card) -> Network:
    """Return the architecture that a card names, with its settings."""
    settings: dict[str, Any] = card.settings.get("network", {})
    network: Network = build(networks[card.network], settings)
    return network
