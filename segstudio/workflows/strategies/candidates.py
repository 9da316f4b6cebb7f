"""The regions of all pictures of a pool as one list, and what is said of those that are chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.regions import Boxes, RegionTable
from segstudio.workflows.strategies.choosing import Batch
from segstudio.workflows.strategies.strategy import Pool, Suggestion, Tables

LITTLE = 0.5
"""A class is little seen below this part of the pixels that each had if all had as many."""


@dataclass(frozen=True)
class Regional:
    """Settings of strategies that choose regions."""

    side: int = field(
        default=128,
        metadata={
            "label": "Side of a region",
            "range": (0, 4096),
            "step": 32,
            "help": "In pixels of the picture; 0: whole pictures",
        },
    )


@dataclass(frozen=True, eq=False)
class Candidates:
    """Regions that may be suggested: ``owner`` is the picture of each, ``table`` what is known."""

    pool: Pool
    owner: NDArray[np.int64]
    table: RegionTable

    @classmethod
    def of(cls, pool: Pool, tables: Tables) -> "Candidates":
        """Return the regions of tables in the order of the pool's pictures."""
        known = [(i.id, tables[i.id]) for i in pool.images if i.id in tables]
        owner = [np.full(len(table), id, np.int64) for id, table in known]
        joined = RegionTable.joined([table for _, table in known])
        return cls(pool, np.concatenate([*owner, np.zeros(0, np.int64)]), joined)

    def __len__(self) -> int:
        return len(self.owner)

    @cached_property
    def columns(self) -> list[int]:
        """The columns of the classes that the project has."""
        ids = list(self.pool.class_ids)[: self.table.classes]
        return [column for column, id in enumerate(ids) if id != UNLABELLED]

    @cached_property
    def ids(self) -> list[int]:
        """The project's classes in those columns."""
        return [int(self.pool.class_ids[column]) for column in self.columns]

    @property
    def doubt(self) -> NDArray[np.float32]:
        """Regions × those classes: how doubtful each is there."""
        return self.table.doubt[:, self.columns]

    @property
    def shown(self) -> NDArray[np.float32]:
        """The same, where the model sees the class; NaN where it does not."""
        area = self.table.area[:, self.columns]
        return np.where(area > 0, area * self.table.entropy[:, None], np.float32(np.nan))

    @cached_property
    def labelled(self) -> list[int]:
        """The labelled pixels of those classes."""
        return [int(self.pool.labelled_pixels.get(id, 0)) for id in self.ids]

    @cached_property
    def _wholes(self) -> Mapping[int, Box]:
        return {image.id: image.box for image in self.pool.images}

    def batch(self, most: int = 0) -> Batch:
        """Begin to choose; no picture gives more than ``most`` regions, with 0 any number."""
        return Batch(self.owner, self.table.boxes, most)

    def suggestion(
        self,
        place: int,
        score: float,
        reason: str,
        predicted: int | None = None,
        by_lot: bool = False,
    ) -> Suggestion:
        """Return a region as a suggestion; its class is the likeliest unless one is given."""
        image, box = int(self.owner[place]), self.table.box(place)
        part = None if box == self._wholes[image] else box
        label = self.predicted(place) if predicted is None else predicted
        return Suggestion(image, float(score), part, reason, label, by_lot)

    def predicted(self, place: int) -> int | None:
        """Return the project's class that the model sees most of in a region."""
        areas = self.table.area[place, self.columns]
        return self.ids[int(areas.argmax())] if areas.any() else None

    def unsure(self, place: int) -> str:
        """Say in words how unsure the model is of a region."""
        mean, top = float(self.table.entropy[place]), float(self.table.top[place])
        if mean >= 0.4:
            return "unsure of most of it"
        if top > 0.3 and top > 2.5 * mean:
            return "unsure along its edges"
        return "unsure of parts of it" if mean >= 0.15 else "sure of most of it"

    def seen(self, label: int) -> str:
        """Say in words how much of a class is labelled."""
        pixels = self.labelled[self.ids.index(label)]
        name = self.pool.class_names.get(label, str(label))
        if pixels == 0:
            return f"never labelled: {name}"
        even = sum(self.labelled) / len(self.labelled)
        return f"little seen: {name}" if pixels < LITTLE * even else f"may show {name}"


def regions_without_looking(pool: Pool, side: int) -> tuple[NDArray[np.int64], Boxes]:
    """Return all regions that may be suggested, by picture and box; no picture is opened."""
    boxes = [(image.id, pool.free(image, side)) for image in pool.images]
    owner: Sequence[NDArray[np.int64]] = [np.full(len(found), id, np.int64) for id, found in boxes]
    return (
        np.concatenate([*owner, np.zeros(0, np.int64)]),
        np.concatenate([*(found for _, found in boxes), np.zeros((0, 4), np.int32)]),
    )
