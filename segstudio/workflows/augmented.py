"""Crops of a project as a network would be shown them."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.task import Part, Task
from segstudio.domain.tiles import Ids
from segstudio.errors import UserError
from segstudio.learning.crops import Crops
from segstudio.learning.dataset import Cache, channel_table, input_spec, survey
from segstudio.learning.settings import TrainSettings
from segstudio.store.project import Project
from segstudio.workflows.labels import collect
from segstudio.workflows.shelf import Shelf

PICTURES = 16
"""From how many pictures crops are cut, at most: a look must not take long."""

BUDGET = 96 << 20
"""Bytes of pictures that are kept between looks."""


@dataclass(frozen=True)
class Shown:
    """A crop for people: H × W × 3 numbers of 8 bits, H × W class ids, and its picture."""

    picture: str
    pixels: NDArray[np.uint8] = field(repr=False)
    mask: Ids = field(repr=False)


class Augmented:
    """Some labelled pictures of a project as they are now, from which crops can be drawn."""

    def __init__(self, project: Project, task: Task) -> None:
        """Read the labels; raise `UserError` where there are none."""
        self._shelf = Shelf()
        labels = collect(project, self._shelf, Part(task, 0, 2))
        chosen = np.unique(np.linspace(0, len(labels.train) - 1, PICTURES).round().astype(int))
        examples = [labels.train[place] for place in chosen]
        ids = [label.id for label in project.classes()]
        self._ids = np.full(256, UNLABELLED, np.uint8)
        self._ids[: len(ids)] = ids
        self._table = channel_table(ids)
        self._found = survey(examples, ids, 0, Part(task, 1, 2))
        if not self._found.counts.any():
            raise UserError(
                "nothing is labelled yet", "paint a few strokes of each class, then look again"
            )
        self._cache = Cache(examples, BUDGET)
        self._count = len(examples)

    def draw(self, settings: TrainSettings, count: int, turn: int = 0) -> list[Shown]:
        """Return the crops of a step with ``count`` of them; another ``turn`` gives others.

        Where only changes of pixels are switched, the crops stay in their places.
        """
        side = min(settings.crop, self._found.largest_side)
        try:
            crops = Crops(
                self._cache, self._found, self._table, input_spec(self._cache, self._count, 4),
                settings.augmentation, side, settings.seed,
            )  # fmt: skip
            names = crops.names(turn, count)
            return [
                Shown(name, crop.seen(), self._ids[crop.mask])
                for name, crop in zip(names, crops.samples(turn, count), strict=True)
            ]
        finally:
            self._shelf.close()
