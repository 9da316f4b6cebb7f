"""The card of a model: all that is needed to use it rightly and to judge it."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.classes import Colour, LabelClass, default_colour
from segstudio.errors import UserError

Layout = Literal["NCHW", "NHWC"]
Order = Literal["rgb", "bgr"]

Form = Literal["logits", "probabilities", "sigmoid", "ids"]
"""What a network gives for a pixel: a logit a class, shares that sum to 1, a share for each class
on its own, or the place of its class."""

View = Literal["whole", "tiles"]
"""What a network of one fixed size is shown: whole pictures in that size, or parts of them."""

Spec = TypeVar("Spec", "InputSpec", "OutputSpec")


@dataclass(frozen=True)
class InputSpec:
    """How the numbers of a picture become the network's input.

    x = (pixel · scale − mean) / std, band by band; ``scale`` is 1/255 for 8 bits. ``mean`` and
    ``std`` stand in the network's ``order`` of bands.
    """

    bands: int = 3
    scale: float = 1 / 255
    mean: tuple[float, ...] = (0.485, 0.456, 0.406)
    std: tuple[float, ...] = (0.229, 0.224, 0.225)
    layout: Layout = "NCHW"
    order: Order = "rgb"

    def check(self, pixels: NDArray[Any]) -> None:
        """Raise `UserError` unless H × W × bands pixels have the bands of the model."""
        bands = pixels.shape[2] if pixels.ndim == 3 else 1
        if bands != self.bands:
            raise UserError(
                f"the picture has {bands} band{'s' * (bands != 1)}, the model wants {self.bands}",
                "use pictures with the same bands as those the model was trained on",
            )

    def prepare(self, pixels: NDArray[Any], stride: int = 1) -> NDArray[np.float32]:
        """Return H × W × bands pixels as the network's input, 1 × bands × H' × W' (or NHWC).

        The sides are brought to multiples of ``stride`` by repeating the last row and column.
        What is not finite becomes the mean.
        """
        self.check(pixels)
        height, width = pixels.shape[:2]
        pixels = pixels.reshape(height, width, self.bands)
        if self.order == "bgr":
            pixels = pixels[:, :, ::-1]
        std = np.asarray(self.std, np.float32)
        gain = np.float32(self.scale) / std
        x = pixels.astype(np.float32) * gain - np.asarray(self.mean, np.float32) / std
        if pixels.dtype.kind == "f":
            x = np.nan_to_num(x, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
        below, right = -height % stride, -width % stride
        if below or right:
            x = np.pad(x, ((0, below), (0, right), (0, 0)), mode="edge")
        return np.ascontiguousarray((x if self.layout == "NHWC" else x.transpose(2, 0, 1))[None])


@dataclass(frozen=True)
class OutputSpec:
    """What the network's answer means.

    With ``background`` the first class has no channel of its own: it is what remains where none
    of the others is likelier than not. ``names`` are the outputs that are looked at, in the
    order of the classes; without any it is the first. A ``layout`` of None is what the shapes tell.
    """

    form: Form = "logits"
    layout: Layout | None = None
    background: bool = False
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class CardClass:
    """A class as the model knows it: output channel = place in the card's list."""

    id: int
    name: str
    colour: Colour

    @classmethod
    def of(cls, label: LabelClass) -> "CardClass":
        return cls(label.id, label.name, label.colour)

    @classmethod
    def read(cls, place: int, data: "dict[str, Any] | str") -> "CardClass":
        """Read a class; a mere name gets its place for an id."""
        if isinstance(data, str):
            return cls(place, data, default_colour(place))
        return cls(data["id"], data["name"], tuple(data["colour"]))


@dataclass(frozen=True)
class Card:
    """What ``card.json`` of a bundle holds."""

    classes: tuple[CardClass, ...]
    network: str = ""
    settings: dict[str, Any] = field(default_factory=dict)
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
    output: OutputSpec = field(default_factory=OutputSpec)
    view: View = "tiles"
    temperature: float = 1.0
    """What logits are divided by before they become probabilities; see `calibration`."""
    features: str | None = None
    """The tensor inside the graph that holds the encoder's deepest map, if it is known."""

    @property
    def ids(self) -> tuple[int, ...]:
        return tuple(c.id for c in self.classes)

    def to_json(self) -> dict[str, Any]:
        data = asdict(self)
        if self.features is None:
            del data["features"]  # cards of before stay what they are
        return data

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Card":
        """Read a card; keys that this version does not know are passed over."""
        known = {k: v for k, v in data.items() if k in cls.__dataclass_fields__}
        known["classes"] = tuple(CardClass.read(n, c) for n, c in enumerate(data["classes"]))
        known["input"] = _read(InputSpec, data.get("input", {}))
        known["output"] = _read(OutputSpec, data.get("output", {}))
        return cls(**known)


def _read(spec: type[Spec], data: dict[str, Any]) -> Spec:
    """Make a spec of what JSON holds: its lists are tuples here.

    Raises `ValueError` for a word that is none of those that a field takes.
    """
    hints = get_type_hints(spec)
    known = {k: tuple(v) if isinstance(v, list) else v for k, v in data.items() if k in hints}
    for name, value in known.items():
        if get_origin(hints[name]) is Literal and value not in get_args(hints[name]):
            raise ValueError(f"{name} cannot be {value!r}")
    found: Spec = spec(**known)  # type: ignore[arg-type]
    return found
