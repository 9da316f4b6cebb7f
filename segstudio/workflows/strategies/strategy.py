"""The one thing that every order of labelling can do: say what to label next, and why."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import Field, dataclass
from typing import ClassVar, Protocol

from segstudio.domain.geometry import Box
from segstudio.domain.records import ImageRecord
from segstudio.domain.regions import Boxes, RegionTable
from segstudio.domain.task import Task
from segstudio.domain.tiling import Tile
from segstudio.inference.model import Model
from segstudio.registry import Registry

MOST = 500
"""Suggestions that are made where nobody says how many."""

Tables = dict[int, RegionTable]
"""What is known of the regions of pictures, by the id of the picture."""


@dataclass(frozen=True)
class Suggestion:
    """A picture, or a box of it, to label."""

    image: int
    score: float
    box: Box | None = None
    """None is the whole picture."""
    reason: str = ""
    predicted: int | None = None
    """Id of the class for which it was chosen, or that the model sees most of in it."""
    by_lot: bool = False
    """Whether it was drawn by lot from all regions: such tell how good a model is on them all."""


class Pool(Protocol):
    """The pictures that may be suggested, and what may be asked about them.

    What `regions` and `looks` return are the regions that may be suggested: they hold data, and
    nobody has labelled half of their pixels or said never to ask for them. ``side`` is that of a
    region in pixels; 0 is the whole picture.
    """

    @property
    def images(self) -> Sequence[ImageRecord]: ...

    @property
    def model(self) -> Model:
        """The model in use; raises `UserError` where there is none."""

    @property
    def models(self) -> int:
        """How many models of the same classes there are, the one in use among them; 0: none."""

    @property
    def class_ids(self) -> Sequence[int]:
        """The project's class of each column of the tables; 255 where it has none such."""

    @property
    def class_names(self) -> Mapping[int, str]:
        """The names of the project's classes."""

    @property
    def labelled_pixels(self) -> Mapping[int, int]:
        """Labelled pixels of each class, by its id; classes without any may be missing."""

    @property
    def round(self) -> int:
        """How many trainings are finished."""

    @property
    def seed(self) -> int: ...

    def say(self, text: str) -> None:
        """Tell the person what was done instead of what was asked for."""

    def reduced(self, image: ImageRecord, side: int) -> Tile:
        """Return a picture, reduced by a whole number until no side is longer than ``side``."""

    def score_each(
        self, name: str, score: Callable[[ImageRecord], float], task: Task
    ) -> dict[int, float]:
        """Return a score for every picture, from the project where this model gave it before.

        Pictures that cannot be opened are left out; so are those without a number.
        """

    def free(self, image: ImageRecord, side: int) -> Boxes:
        """Return the regions of a picture that may be suggested, without looking at it."""

    def regions(self, task: Task, side: int, models: int = 1, features: bool = False) -> Tables:
        """Return what the model in use says of the regions, or the newest ``models`` together.

        With ``features`` the tables hold those of the encoder of the model in use too; they
        have none where it does not give them. Pictures that cannot be opened are left out.
        """

    def looks(self, task: Task, side: int) -> Tables:
        """Return the same tables without a model: only how regions look."""

    def labelled(self, task: Task, side: int, features: bool = False) -> Tables:
        """Return what the model in use says of the regions that are labelled already."""


class Strategy(Protocol):
    """A frozen dataclass of settings that chooses pictures, or regions of them."""

    __dataclass_fields__: ClassVar[dict[str, Field[object]]]

    title: ClassVar[str]
    needs_model: ClassVar[bool]

    def suggest(self, pool: Pool, task: Task, budget: int | None = None) -> list[Suggestion]:
        """Return at most ``budget`` suggestions, those to use first first.

        Without a budget as many as the strategy thinks useful. No score is NaN or infinite.
        """


strategies: Registry[type[Strategy]] = Registry(
    "segstudio.workflows.strategies.builtin", "strategy"
)
"""One file a strategy. Heavy libraries are imported inside functions."""
