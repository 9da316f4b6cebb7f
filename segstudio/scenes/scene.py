"""Sample scenes: pictures made from a seed, with the exact mask of each."""

from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.classes import LabelClass, default_colour
from segstudio.registry import Registry


@dataclass(frozen=True)
class Georeference:
    """Where a north-up raster lies: upper left corner and pixel size, in the units of ``epsg``."""

    left: float
    top: float
    pixel_size: float
    epsg: int


@dataclass(frozen=True)
class Rendered:
    """A made picture and its mask.

    ``pixels`` is H×W×3 uint8 RGB, or H×W×4 uint16 (red, green, blue, near infrared; reflectance
    × 10000) with a ``georeference``; ``mask`` holds the class id of every pixel, H×W uint8, and no
    unlabelled ones.
    """

    name: str
    pixels: NDArray[Any]
    mask: NDArray[np.uint8]
    georeference: Georeference | None = None


class Scene(Protocol):
    """A kind of picture that can be made in any number; the same seed and index give the same one.

    ``index`` counts from 0 and ``facade-01`` is the picture of index 0; ``size`` is the height and
    width that ``render`` uses where none is given.
    """

    classes: ClassVar[tuple[LabelClass, ...]]
    size: ClassVar[tuple[int, int]]

    @classmethod
    def render(
        cls, seed: int, index: int, height: int | None = None, width: int | None = None
    ) -> Rendered: ...


scenes: Registry[type[Scene]] = Registry("segstudio.scenes.builtin", "scene")


def label_classes(*names: str) -> tuple[LabelClass, ...]:
    """Number the names from 0 and give them the default colours."""
    return tuple(
        LabelClass(id, name, default_colour(id), position=id) for id, name in enumerate(names)
    )


def generator(scene: str, seed: int, index: int) -> np.random.Generator:
    """Return the source of chance of one picture; pictures and scenes do not share theirs."""
    return np.random.default_rng((seed, index, *scene.encode()))


def picture_name(scene: str, index: int) -> str:
    return f"{scene}-{index + 1:02d}"
