"""Which pictures are listed, and in which order."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from segstudio.domain.records import ImageRecord, Split, State
from segstudio.store.facts_of_images import NOTHING, ImageFacts
from segstudio.workflows.finding import natural

Images = Mapping[int, ImageRecord]
Facts = Mapping[int, ImageFacts]


@dataclass(frozen=True)
class ImageFilter:
    """Which pictures are listed: those that all of it holds for.

    ``text`` are words that must all be in the name; of ``classes`` one must be in the mask,
    where any are given; a model must be at least ``unsure`` (0…1) of the picture, and it must
    have been added at ``since`` (seconds since 1970) or later.
    """

    states: frozenset[State] = frozenset(State)
    splits: frozenset[Split] = frozenset(Split)
    text: str = ""
    classes: frozenset[int] = frozenset()
    unsure: float = 0.0
    since: float = 0.0

    @property
    def everything(self) -> bool:
        return self == ImageFilter(text=self.text) and not self.text.split()

    @property
    def needs_facts(self) -> bool:
        """Whether it asks for what only the database knows."""
        return bool(self.classes) or self.unsure > 0

    def among(
        self, ids: Iterable[int], images: Images, names: Mapping[int, str], facts: Facts
    ) -> list[int]:
        """Return the pictures that fit, in their order; ``names`` are their casefolded names.

        One condition after the other, since 20,000 pictures are looked through at each key.
        """
        found = list(ids)
        for word in self.text.casefold().split():
            found = [id for id in found if word in names[id]]
        if len(self.states) < len(State):
            states = tuple(self.states)  # compared by identity: four times as fast as hashing
            found = [id for id in found if images[id].state in states]
        if len(self.splits) < len(Split):
            splits = tuple(self.splits)
            found = [id for id in found if images[id].split in splits]
        if self.since > 0:
            found = [id for id in found if images[id].added >= self.since]
        if self.classes:
            wanted, get = self.classes, facts.get
            found = [id for id in found if not wanted.isdisjoint(get(id, NOTHING).classes)]
        if self.unsure > 0:
            get = facts.get
            found = [id for id in found if (get(id, NOTHING).score or 0.0) >= self.unsure]
        return found


class Order(StrEnum):
    """What pictures can be sorted by."""

    ADDED = "added"
    NAME = "name"
    STATE = "state"
    SCORE = "score"
    SHARE = "share"
    DATE = "date"


STATES = list(State)


@dataclass(frozen=True)
class Sorting:
    """What pictures are sorted by. Equal ones stay in the order in which they were added."""

    by: Order = Order.ADDED
    falling: bool = False

    @property
    def needs_facts(self) -> bool:
        return self.by in (Order.SCORE, Order.SHARE)

    @property
    def of_records(self) -> bool:
        """Whether it goes by what a change of a picture's record can change."""
        return self.by in (Order.NAME, Order.STATE, Order.DATE)

    def sorted(self, images: Images, facts: Facts) -> list[int]:
        """Return all pictures in order; those that a model has no score of come last."""
        ids = sorted(images)
        match self.by:
            case Order.ADDED:
                return ids[::-1] if self.falling else ids
            case Order.NAME:
                return self._by({id: _natural(images[id].name) for id in ids})
            case Order.STATE:
                return self._by({id: STATES.index(images[id].state) for id in ids})
            case Order.DATE:
                return self._by({id: images[id].added for id in ids})
            case Order.SHARE:
                return self._by({id: share(images[id], facts.get(id, NOTHING)) for id in ids})
        scores = {id: facts.get(id, NOTHING).score for id in ids}
        known = self._by({id: score for id, score in scores.items() if score is not None})
        return known + [id for id in ids if scores[id] is None]

    def _by(self, keys: Mapping[int, Any]) -> list[int]:
        return sorted(keys, key=keys.__getitem__, reverse=self.falling)


def share(image: ImageRecord, facts: ImageFacts) -> float:
    """Return how much of a picture is labelled, 0…1."""
    return facts.labelled / max(1, image.width * image.height)


@lru_cache(maxsize=1 << 16)
def _natural(name: str) -> str:
    return natural(name)
