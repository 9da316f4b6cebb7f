"""Models that come with the program, as weights that a training can begin from."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from segstudio.domain.card import Card
from segstudio.errors import UserError
from segstudio.inference.model import read_card
from segstudio.learning.bundle import CARD, weights_file
from segstudio.resources import models_folder
from segstudio.workflows.choice import Choice


@dataclass(frozen=True)
class Shipped:
    """The folder of a bundle, and what it says of itself."""

    folder: Path
    card: Card

    @property
    def name(self) -> str:
        return self.folder.name

    def suits(self, choice: Choice) -> bool:
        """Tell whether a training begins with a network as this one was."""
        own = self.card.settings.get("network")
        width = own.get("width") if isinstance(own, Mapping) else None
        return self.card.network == choice.training.network and width == choice.network.get("width")


def shipped() -> list[Shipped]:
    """Return the models that come with the program by name; what cannot be read is left out."""
    found = []
    for folder in sorted(models_folder().glob("*")):
        try:
            card = read_card(folder / CARD)
        except (OSError, UserError):
            continue
        if weights_file(folder).is_file():
            found.append(Shipped(folder, card))
    return found
