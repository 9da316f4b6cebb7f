"""The card of a model: all that is needed to use it rightly and to judge it."""

from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.classes import Colour, LabelClass
from segstudio.errors import UserError


@dataclass(frozen=True)
class InputSpec:
    """How the numbers of a picture become the network's input.

    x = (pixel · scale − mean) / std, band by band; ``scale`` is 1/255 for 8 bits.
    """

    bands: int = 3
    scale: float = 1 / 255
    mean: tuple[float, ...] = (0.485, 0.456, 0.406)
    std: tuple[float, ...] = (0.229, 0.224, 0.225)

    def check(self, pixels: NDArray[Any]) -> None:
        """Raise `UserError` unless H × W × bands pixels have the bands of the model."""
        bands = pixels.shape[2] if pixels.ndim == 3 else 1
        if bands != self.bands:
            raise UserError(
                f"the picture has {bands} band{'s' * (bands != 1)}, the model wants {self.bands}",
                "use pictures with the same bands as those the model was trained on",
            )

    def prepare(self, pixels: NDArray[Any], stride: int = 1) -> NDArray[np.float32]:
        """Return H × W × bands pixels as the network's input, 1 × bands × H' × W'.

        The sides are brought to multiples of ``stride`` by repeating the last row and column.
        What is not finite becomes the mean.
        """
        self.check(pixels)
        height, width = pixels.shape[:2]
        pixels = pixels.reshape(height, width, self.bands)
        std = np.asarray(self.std, np.float32)
        gain = np.float32(self.scale) / std
        x = pixels.astype(np.float32) * gain - np.asarray(self.mean, np.float32) / std
        if pixels.dtype.kind == "f":
            x = np.nan_to_num(x, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
        below, right = -height % stride, -width % stride
        if below or right:
            x = np.pad(x, ((0, below), (0, right), (0, 0)), mode="edge")
        return np.ascontiguousarray(x.transpose(2, 0, 1)[None])


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
    tile: int = 512
    halo: int = 128
    resolution: float | None = None
    """Ground size of a pixel in centimetres, where the pictures have one."""
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
