"""The one thing that every way of segmenting can do, and how it is found."""

from dataclasses import Field
from typing import Any, ClassVar, Protocol

from segstudio.domain.task import Task
from segstudio.domain.tiles import Ids
from segstudio.domain.tiling import Tile
from segstudio.methods.samples import Samples
from segstudio.registry import Registry


class Segmenter(Protocol):
    """Groups the pixels of pictures into regions, numbered from dark (0) to light.

    A segmenter is a frozen dataclass: its fields are its settings. What it learns is its state:
    small, and able to be pickled.
    """

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    title: ClassVar[str]
    """What people call it."""

    whole: ClassVar[bool]
    """Whether it wants the whole picture in one tile, as far as that is possible."""

    halo: ClassVar[int]
    """How many pixels around a tile it needs to label those inside it."""

    def fit(self, samples: Samples, task: Task) -> Any:
        """Learn from samples; return the state. Raises `UserError` where they do not suffice."""

    def apply(self, tile: Tile, state: Any) -> Ids:
        """Label each pixel of a tile with its region's number; 255 where it is not valid."""

    def regions(self, state: Any) -> int:
        """Return how many regions there are."""


segmenters: Registry[type[Segmenter]] = Registry("segstudio.methods.builtin", "method")
