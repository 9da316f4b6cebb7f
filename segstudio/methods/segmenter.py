"""The one thing that every way of segmenting can do, and how it is found."""

from dataclasses import Field
from typing import Any, ClassVar, Literal, Protocol

from segstudio.domain.task import Task
from segstudio.domain.tiles import Ids
from segstudio.domain.tiling import Tile
from segstudio.methods.samples import QUIET, Samples
from segstudio.registry import Registry

Family = Literal["Thresholds", "Clusters", "Regions", "From strokes"]
Seeds = Literal["none", "picture", "project"]


class Segmenter(Protocol):
    """Groups the pixels of pictures into regions.

    A segmenter is a frozen dataclass: its fields are its settings. What it learns is its state:
    small, and able to be pickled.
    """

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    title: ClassVar[str]
    """What people call it."""

    family: ClassVar[Family]
    """Under which heading it is offered."""

    seeds: ClassVar[Seeds]
    """Whose strokes it learns from: of no picture, of the one it labels, or of the project's.

    With strokes its numbers are class ids; without, regions from dark (0) to light.
    """

    learns: ClassVar[bool]
    """Whether its state depends on the pictures it is fitted to; else its settings say all."""

    whole: ClassVar[bool]
    """Whether it wants the whole picture in one tile, as far as that is possible."""

    @property
    def halo(self) -> int:
        """How many pixels around a tile it needs to label those inside it."""

    def fit(self, samples: Samples, task: Task) -> Any:
        """Learn from samples; return the state. Raises `UserError` where they do not suffice."""

    def apply(self, tile: Tile, state: Any, task: Task = QUIET) -> Ids:
        """Label each pixel of a tile with its region's number; 255 where it is not valid.

        The tile may be reduced: ``tile.scale`` says how much, and lengths follow it.
        """

    def regions(self, state: Any) -> int:
        """Return how many regions there are: one more than the largest number."""


segmenters: Registry[type[Segmenter]] = Registry("segstudio.methods.builtin", "method")
