"""Which pictures are held back to be measured on, where nobody has set any aside.

What a training has learned from tells nothing of its model, nor of one that goes on from its
weights. So pictures that were held back stay so, and others join them before they are learned
from: else every training would be measured on what the one before it has learned.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from segstudio.domain.records import ImageRecord
from segstudio.learning import holdout
from segstudio.learning.dataset import Example
from segstudio.store.project import Project

FACT = "held_back"
"""The project's fact that holds what was measured on and learned from."""


@dataclass(frozen=True)
class Before:
    """What trainings have measured on and learned from so far: pictures by what they hold."""

    held: frozenset[str] = frozenset()
    learned: frozenset[str] = frozenset()

    @classmethod
    def of(cls, project: Project) -> "Before":
        """Read it; nothing where nothing was trained, or by an older version."""
        try:
            found = json.loads(project.fact(FACT) or "{}")
            return cls(frozenset(map(str, found["held"])), frozenset(map(str, found["learned"])))
        except (ValueError, TypeError, KeyError):
            return cls()


def held_back(images: Sequence[ImageRecord], before: Before | None = None) -> set[int]:
    """Return the ids of the pictures that are held back, about every fifth.

    Those that were held back before are; of the others, those that nothing has learned from.
    Where none can be, or nothing was trained yet, it is every fifth by content.
    """
    before = before or Before()
    held = {image.id for image in images if image.hash in before.held}
    known = before.held | before.learned
    if known:
        new = sorted((i for i in images if i.hash not in known), key=lambda i: (i.hash, i.id))
        missing = len(images) // holdout.EVERY - len(held)
        held.update(image.id for image in new[: max(0, missing)])
    return held or _every_fifth(images)


def note_split(project: Project, train: Sequence[Example], held: Sequence[Example]) -> None:
    """Remember what a training has learned from, and what it was measured on."""
    before = Before.of(project)
    hashes = {image.id: image.hash for image in project.images()}
    there = frozenset(hashes.values())
    learned = (before.learned | _hashes(train, hashes)) & there
    back = (before.held | _hashes(held, hashes)) & there - learned
    text = json.dumps({"held": sorted(back), "learned": sorted(learned)})
    project.set_fact(FACT, text).result()


def _hashes(examples: Sequence[Example], hashes: dict[int, str]) -> frozenset[str]:
    return frozenset(hashes[e.image] for e in examples if e.image is not None and e.image in hashes)


def _every_fifth(images: Sequence[ImageRecord]) -> set[int]:
    def unread() -> None:
        raise AssertionError("the rule goes by the hash alone")

    stand_ins = [Example(str(i.id), unread, unread, i.hash) for i in images]  # type: ignore[arg-type]
    return {int(example.name) for example in holdout.split(stand_ins).held}
