"""The pixels whose colour lies within a range."""

import math
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.task import Task
from segstudio.domain.tiles import Ids
from segstudio.domain.tiling import Pixels, Tile
from segstudio.errors import UserError
from segstudio.methods.channels import channel_values, full_light, lab
from segstudio.methods.greys import Numbers, plain, usable
from segstudio.methods.samples import QUIET, Samples, nothing_valid
from segstudio.methods.segmenter import Family, Seeds, segmenters

Space = Literal["rgb", "hsv", "lab"]
Inside = NDArray[np.bool_]


@dataclass(frozen=True)
class ColourBounds:
    """The state of the colour range: the settings that hold for these pictures.

    With a ``reference`` (in the picture's own red, green, blue) what is nearer to it than
    ``tolerance`` is inside, else what lies from ``low`` to ``high``.
    """

    space: Space
    low: tuple[float, ...]
    high: tuple[float, ...]
    reference: tuple[float, ...] = ()
    tolerance: float = 0.0


@segmenters.add
@dataclass(frozen=True)
class ColourRange:
    """Region 1 is what has a colour within a range, region 0 all else.

    In RGB the numbers are the picture's own (of one or two bands, as many of them). In HSV they
    are the hue in degrees, which may run over 0 (from 350 to 10), saturation and value in per
    cent; in CIELAB lightness 0…100, a and b. With a reference colour, all that is nearer to it
    than the tolerance is inside: by Euclid in RGB and CIELAB (ΔE 1976), in HSV each of the three.
    """

    title: ClassVar[str] = "Colour range"
    family: ClassVar[Family] = "Thresholds"
    seeds: ClassVar[Seeds] = "none"
    learns: ClassVar[bool] = False
    whole: ClassVar[bool] = False
    halo: ClassVar[int] = 0

    space: Space = field(default="hsv", metadata={"label": "Colour space"})
    low: tuple[float, ...] = field(
        default=(60.0, 15.0, 0.0),
        metadata={"label": "From", "help": "the least of each: of greens, for a beginning"},
    )
    high: tuple[float, ...] = field(
        default=(180.0, 100.0, 100.0),
        metadata={"label": "To", "help": "the greatest of each; it is inside"},
    )
    reference: tuple[float, ...] = field(
        default=(),
        metadata={"label": "Reference", "help": "red, green, blue of a colour, in the picture's "
                  "own units: takes the place of the range"},
    )  # fmt: skip
    tolerance: float = field(
        default=20.0,
        metadata={"label": "Tolerance", "range": (0, 200), "step": 1,
                  "help": "how far from the reference colour"},
    )  # fmt: skip

    def fit(self, samples: Samples, task: Task) -> ColourBounds:
        bands = _bands(samples, task)
        if self.space != "rgb" and bands < 3:
            raise UserError(
                f"a picture of {bands} band{'s'[: bands > 1]} has no colours",
                "take the space rgb, or one of the threshold methods",
            )
        number = min(bands, 3)
        if self.reference:
            _check("reference", self.reference, number)
            return ColourBounds(self.space, (), (), self.reference, self.tolerance)
        _check("low", self.low, number)
        _check("high", self.high, number)
        for first, last, name in zip(self.low, self.high, _names(self.space), strict=False):
            if first > last and name != "hue":
                raise UserError(
                    f"the range of {name} begins behind its end, at {first:g}",
                    "exchange the two; only a hue may run over 0",
                )
        return ColourBounds(self.space, self.low, self.high)

    def apply(self, tile: Tile, state: ColourBounds, task: Task = QUIET) -> Ids:
        with np.errstate(all="ignore"):  # of fill values
            inside = _near(tile.pixels, state) if state.reference else _between(tile.pixels, state)
        ids = inside.view(np.uint8)
        valid = usable(tile)
        if valid is not None:
            ids[~valid] = UNLABELLED
        return ids

    def regions(self, state: ColourBounds) -> int:
        return 2


def _bands(samples: Samples, task: Task) -> int:
    """Return how many bands the pictures have; raise `UserError` where no pixel is valid."""
    for tile in samples.tiles(task):
        valid = usable(tile)
        if valid is None or valid.any():
            return int(tile.pixels.shape[2])
    raise nothing_valid()


def _check(name: str, values: tuple[float, ...], number: int) -> None:
    if len(values) != number or any(map(math.isnan, values)):
        what = "one number" if number == 1 else f"{number} numbers"
        raise UserError(
            f"{name} has {len(values)} numbers instead of {number}",
            f"give {what}" + (", such as 60,20,10" if number == 3 else ""),
        )


def _names(space: Space) -> tuple[str, str, str]:
    if space == "rgb":
        return "red", "green", "blue"
    return ("hue", "saturation", "value") if space == "hsv" else ("lightness", "a", "b")


def _parts(pixels: Pixels, space: Space) -> list[Numbers]:
    """Return the planes of a colour space."""
    if space == "rgb":
        plainly = plain(pixels[..., :3])
        return [plainly[..., band] for band in range(plainly.shape[2])]
    if space == "lab":
        return list(np.moveaxis(lab(pixels), 2, 0))
    hue, saturation, value = (channel_values(pixels, name) for name in _names("hsv"))
    return [hue, saturation, _floats(value) * (100 / full_light(pixels))]


def _floats(values: Numbers) -> NDArray[Any]:
    return values if values.dtype.kind == "f" else values.astype(np.float32)


def _between(pixels: Pixels, state: ColourBounds) -> Inside:
    inside = np.ones(pixels.shape[:2], bool)
    bounds = zip(_parts(pixels, state.space), state.low, state.high, strict=True)
    for part, low, high in bounds:
        if low > high:  # a hue that runs over 0
            inside &= (part >= low) | (part <= high)
        else:
            inside &= (part >= low) & (part <= high)
    return inside


def _near(pixels: Pixels, state: ColourBounds) -> Inside:
    colour = _like(pixels, state.reference)
    apart: list[NDArray[Any]] = []
    parts = zip(_parts(pixels, state.space), _parts(colour, state.space), strict=True)
    for part, middle in parts:
        apart.append(np.abs(_floats(part) - float(middle[0, 0])))
    if state.space == "hsv":
        around = np.minimum(apart[0], 360 - apart[0])
        return np.asarray(np.maximum(np.maximum(around, apart[1]), apart[2]) <= state.tolerance)
    total = sum((each * each for each in apart[1:]), apart[0] * apart[0])
    return np.asarray(total <= state.tolerance**2)


def _like(pixels: Pixels, colour: tuple[float, ...]) -> Pixels:
    """Return one pixel of a colour, of the same kind as others."""
    values = np.array(colour).reshape(1, 1, -1)
    if pixels.dtype.kind in "iu":
        ends = np.iinfo(pixels.dtype)
        values = np.clip(np.rint(values), ends.min, ends.max)
    return values.astype(pixels.dtype)
