"""Combinations of bands: those that are usual, and those that a person keeps in the project."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal

from segstudio.gui.answers import Answers
from segstudio.gui.session import Session
from segstudio.store.reading import facts_json

FACT = "band_combinations"
LONGEST_NAME = 40


@dataclass(frozen=True)
class Combination:
    """Which bands (counted from 0) of pictures with ``count`` bands are shown; one is grey."""

    name: str
    count: int
    bands: tuple[int, ...]


_USUAL: dict[int, tuple[tuple[str, tuple[int, ...]], ...]] = {
    3: (("Natural", (0, 1, 2)), ("Natural, blue first", (2, 1, 0))),
    4: (
        ("Natural", (0, 1, 2)),
        ("Infrared", (3, 0, 1)),
        ("Natural, blue first", (2, 1, 0)),
        ("Infrared, blue first", (3, 2, 1)),
    ),
    7: (("Natural (Landsat 8)", (3, 2, 1)), ("Infrared (Landsat 8)", (4, 3, 2))),
    8: (("Natural (WorldView)", (4, 2, 1)), ("Infrared (WorldView)", (6, 4, 2))),
    10: (("Natural (Sentinel-2)", (2, 1, 0)), ("Infrared (Sentinel-2)", (6, 2, 1))),
    12: (("Natural (Sentinel-2)", (3, 2, 1)), ("Infrared (Sentinel-2)", (7, 3, 2))),
    13: (("Natural (Sentinel-2)", (3, 2, 1)), ("Infrared (Sentinel-2)", (7, 3, 2))),
}
"""By the number of bands: names, and the orders in which they are usually delivered."""


def usual(count: int) -> list[Combination]:
    """Return combinations that make sense of so many bands."""
    found = _USUAL.get(count, (("First three", (0, 1, 2)),) if count >= 3 else ())
    return [Combination(name, count, bands) for name, bands in found]


def read(kept: Any) -> list[Combination]:
    """Return the combinations in what a project holds; what is none is passed over."""
    found = []
    for each in kept if isinstance(kept, list) else ():
        try:
            bands = tuple(int(band) for band in each["bands"])
            one = Combination(str(each["name"])[:LONGEST_NAME], int(each["count"]), bands)
        except (KeyError, TypeError, ValueError):
            continue
        if len(bands) in (1, 3) and all(0 <= band < one.count for band in bands):
            found.append(one)
    return found


class BandCombinations(QObject):
    """The combinations that are kept in the open project."""

    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._answers = Answers(self)
        self.kept: list[Combination] = []
        session.project_changed.connect(self._load)

    def offered(self, count: int) -> list[Combination]:
        """Return what can be chosen for pictures with so many bands, the usual ones first."""
        own = [each for each in self.kept if each.count == count]
        names = {each.name for each in own}
        return [*(each for each in usual(count) if each.name not in names), *own]

    def keep(self, combination: Combination) -> None:
        """Keep a combination; one of the same name for as many bands is replaced."""
        others = [each for each in self.kept if not _same(each, combination)]
        self._set([*others, combination])

    def forget(self, combination: Combination) -> None:
        self._set([each for each in self.kept if not _same(each, combination)])

    def _set(self, kept: list[Combination]) -> None:
        project = self._session.project
        self.kept = kept
        if project is not None and project.writable:
            text = json.dumps([asdict(each) for each in kept])
            self._answers.when_done(project.set_fact(FACT, text), self._saved)
        self.changed.emit()

    def _saved(self, done: Any) -> None:
        error = done.exception()
        if error is not None:
            self._session.say_error(error)

    def _load(self) -> None:
        project = self._session.project
        self.kept = []
        self.changed.emit()
        if project is None:
            return
        job = self._session.jobs.start(
            "Reading bands", lambda job: facts_json(project, FACT), "quick"
        )
        job.succeeded.connect(
            lambda found: self._show(found) if project is self._session.project else None
        )

    def _show(self, found: Any) -> None:
        self.kept = read(found)
        self.changed.emit()


def _same(one: Combination, other: Combination) -> bool:
    return (one.name, one.count) == (other.name, other.count)
