"""Random changes to crops that leave their labels true: a list of parts, each on or off."""

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import Field, asdict, dataclass
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.card import InputSpec
from segstudio.domain.tiling import Pixels
from segstudio.errors import UserError
from segstudio.registry import Registry
from segstudio.settings import build, settings_of

SPREADS = 4
"""Standard deviations that numbers without a range of their own are taken to span: about what
the 0…255 of photographs are."""

NOTHING = "none"
"""What a person writes for an empty list."""


@dataclass(frozen=True)
class Crop:
    """A crop on its way to the network: H × W × bands numbers as in the file, H × W channels.

    Whatever else shall stay with its pixels may stand in the place of the channels.
    """

    pixels: Pixels
    mask: NDArray[Any]
    spec: InputSpec

    @property
    def rgb(self) -> bool:
        """Whether the pixels are colours of 8 bits."""
        return self.pixels.dtype == np.uint8 and self.pixels.shape[2] == 3

    @property
    def middle(self) -> NDArray[np.float32]:
        """The mean of each band, in the numbers of the file."""
        return np.asarray(self.spec.mean, np.float32) / np.float32(self.spec.scale)

    @property
    def span(self) -> NDArray[np.float32]:
        """What 0…1 means for each band, in the numbers of the file: 255 for 8 bits."""
        if self.pixels.dtype == np.uint8:
            return np.full(self.spec.bands, 255, np.float32)
        return np.asarray(self.spec.std, np.float32) * np.float32(SPREADS / self.spec.scale)

    def seen(self) -> NDArray[np.uint8]:
        """Return the crop for people: H × W × 3, of 8 bits; the first three bands, or one."""
        pixels = self.pixels
        if pixels.dtype != np.uint8:
            shares = (pixels.astype(np.float32) - self.middle) / self.span + 0.5
            pixels = np.nan_to_num(shares.clip(0, 1) * 255).round().astype(np.uint8)
        bands = (0, 1, 2) if pixels.shape[2] >= 3 else (0, 0, 0)
        return np.ascontiguousarray(pixels[:, :, bands])


@dataclass(frozen=True)
class Draw:
    """How crops are cut: the share around a class drawn by itself, and the widest zoom."""

    rare: float = 0.0
    zoom: float = 1.0


class Augmenter:
    """One kind of change. A frozen dataclass: its fields say how strong, the first one above all.

    A part overrides one of the three methods. ``order`` is its place among the others.
    """

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    title: ClassVar[str]
    order: ClassVar[int]

    def draw(self, draw: Draw) -> Draw:
        """Have crops cut in another way."""
        return draw

    def change(self, crop: Crop, rng: np.random.Generator) -> Crop:
        """Return a crop with pixels, or pixels and labels, changed; what cannot be stays."""
        return crop

    def mix(self, crops: Sequence[Crop], rng: np.random.Generator) -> Sequence[Crop]:
        """Return the crops of a step, of one size, put together anew."""
        return crops


augmenters: Registry[type[Augmenter]] = Registry(
    "segstudio.learning.augmentations.builtin", "augmentation"
)


@dataclass(frozen=True)
class Augmentation:
    """The changes that are made, each part at most once, in the parts' own order.

    Every part draws its random numbers by itself: with one of them switched off, the others
    do what they did before.
    """

    parts: tuple[Augmenter, ...] = ()

    @classmethod
    def read(cls, texts: Iterable[str]) -> "Augmentation":
        """Read parts written as NAME, NAME:STRENGTH or NAME:FIELD=VALUE:FIELD=VALUE.

        Raises `UserError` for names and values that do not exist.
        """
        texts = list(texts)
        if texts == [NOTHING]:
            return cls()
        made = cls()
        for text in texts:
            part = read_part(text)
            if augmenters.name_of(part) in made.names:
                raise UserError(
                    f"the augmentation {augmenters.name_of(part)} is named twice", "leave one out"
                )
            made = made.having(part)
        return made

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(augmenters.name_of(part) for part in self.parts)

    def written(self) -> tuple[str, ...]:
        """Return the texts from which `read` makes the same."""
        return tuple(written(part) for part in self.parts) or (NOTHING,)

    def having(self, part: Augmenter) -> "Augmentation":
        """Return these parts and another one, which replaces one of its kind."""
        others = self.without(augmenters.name_of(part)).parts
        return Augmentation(tuple(sorted((*others, part), key=lambda p: p.order)))

    def without(self, name: str) -> "Augmentation":
        return Augmentation(tuple(p for p in self.parts if augmenters.name_of(p) != name))

    @cached_property
    def drawing(self) -> Draw:
        """How crops are to be cut."""
        draw = Draw()
        for part in self.parts:
            draw = part.draw(draw)
        return draw

    def change(self, crop: Crop, seeds: Sequence[int]) -> Crop:
        """Return a crop as its ``seeds`` change it."""
        for part, key in self._changing:
            crop = part.change(crop, np.random.default_rng([*seeds, key]))
        return crop

    def mix(self, crops: Sequence[Crop], seeds: Sequence[int]) -> Sequence[Crop]:
        """Return the crops of a step as its ``seeds`` mix them."""
        for part, key in self._mixing:
            crops = part.mix(crops, np.random.default_rng([*seeds, key]))
        return crops

    @cached_property
    def _changing(self) -> list[tuple[Augmenter, int]]:
        """The parts that change crops: a generator for each of the others takes its time, too."""
        return [(p, key) for p, key in self._keyed if type(p).change is not Augmenter.change]

    @cached_property
    def _mixing(self) -> list[tuple[Augmenter, int]]:
        return [(p, key) for p, key in self._keyed if type(p).mix is not Augmenter.mix]

    @property
    def _keyed(self) -> list[tuple[Augmenter, int]]:
        keys = [zlib.crc32(name.encode()) for name in self.names]
        return list(zip(self.parts, keys, strict=True))


def written(part: Augmenter) -> str:
    """Return a part as text; see `Augmentation.read`."""
    name, values = augmenters.name_of(part), asdict(part)
    changed = [s.name for s in settings_of(type(part)) if values[s.name] != s.default]
    return ":".join([name, *(f"{field}={values[field]}" for field in changed)])


def read_part(text: str) -> Augmenter:
    """Read a part from its text; see `Augmentation.read`."""
    name, *items = (item.strip() for item in text.split(":"))
    kind = augmenters[name]
    known = [setting.name for setting in settings_of(kind)]
    values = {}
    for place, item in enumerate(items):
        field, equals, value = item.partition("=")
        if not equals:
            if place or not known:
                raise UserError(
                    f"{text!r} is not an augmentation",
                    "write NAME, NAME:STRENGTH or NAME:FIELD=VALUE",
                )
            field, value = known[0], item
        values[field.strip()] = value.strip()
    return build(kind, values)
