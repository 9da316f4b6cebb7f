"""The one thing that every order of labelling can do: say which pictures would help most."""

from collections.abc import Callable, Sequence
from dataclasses import Field, dataclass
from typing import ClassVar, Protocol

from segstudio.domain.geometry import Box
from segstudio.domain.records import ImageRecord
from segstudio.domain.task import Task
from segstudio.domain.tiling import Tile
from segstudio.inference.model import Model
from segstudio.registry import Registry


@dataclass(frozen=True)
class Suggestion:
    """A picture, or a box of it, to label: the higher the score, the sooner."""

    image: int
    score: float
    box: Box | None = None
    reason: str = ""


class Pool(Protocol):
    """The pictures that may be suggested, and what may be asked about them."""

    @property
    def images(self) -> Sequence[ImageRecord]: ...

    @property
    def model(self) -> Model:
        """The model in use; raises `UserError` where there is none."""

    def reduced(self, image: ImageRecord, side: int) -> Tile:
        """Return a picture, reduced by a whole number until no side is longer than ``side``."""

    def score_each(
        self, name: str, score: Callable[[ImageRecord], float], task: Task
    ) -> dict[int, float]:
        """Return a score for every picture, from the project where this model gave it before.

        Pictures that cannot be opened are left out; so are those without a number.
        """


class Strategy(Protocol):
    """A frozen dataclass of settings that orders pictures."""

    __dataclass_fields__: ClassVar[dict[str, Field[object]]]

    title: ClassVar[str]
    needs_model: ClassVar[bool]

    def suggest(self, pool: Pool, task: Task) -> list[Suggestion]:
        """Return suggestions, in any order."""


strategies: Registry[type[Strategy]] = Registry(
    "segstudio.workflows.strategies.builtin", "strategy"
)
