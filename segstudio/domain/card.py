"""The card of a model: all that is needed to use it rightly and to judge it."""

from dataclasses import asdict, dataclass, field
from typing import Any

from segstudio.domain.classes import Colour, LabelClass


@dataclass(frozen=True)
class InputSpec:
    """How the numbers of a picture become the network's input.

    x = (pixel · scale − mean) / std, band by band; ``scale`` is 1/255 for 8 bits.
    """

    bands: int = 3
    scale: float = 1 / 255
    mean: tuple[float, ...] = (0.485, 0.456, 0.406)
    std: tuple[float, ...] = (0.229, 0.224, 0.225)


@dataclass(frozen=True)
class CardClass:
    """A class as the model knows it: output channel = place in the card's list."""

    id: int
    name: str
    colour: Colour

    @classmethod
    def of(cls, label: LabelClass) -> "CardClass":
        return cls(label.id, label.name, label.colour)


@dataclass(frozen=True)
class Card:
    """What ``card.json`` of a bundle holds."""

    classes: tuple[CardClass, ...]
    network: str
    settings: dict[str, Any]
    input: InputSpec = field(default_factory=InputSpec)
    stride: int = 32
    tile: int = 1024
    halo: int = 128
    parameters: int = 0
    training_data: str = ""
    metrics: dict[str, Any] = field(default_factory=dict)
    split: str = ""
    indicative: bool = False
    largest_difference: float | None = None
    program: str = ""

    @property
    def ids(self) -> tuple[int, ...]:
        return tuple(c.id for c in self.classes)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Card":
        """Read a card; keys that this version does not know are passed over."""
        known = {k: v for k, v in data.items() if k in cls.__dataclass_fields__}
        known["classes"] = tuple(
            CardClass(c["id"], c["name"], tuple(c["colour"])) for c in data["classes"]
        )
        spec = data.get("input", {})
        known["input"] = InputSpec(
            spec.get("bands", 3),
            spec.get("scale", 1 / 255),
            tuple(spec.get("mean", InputSpec.mean)),
            tuple(spec.get("std", InputSpec.std)),
        )
        return cls(**known)
