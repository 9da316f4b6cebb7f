"""A training run on disk, so that it can go on where it was interrupted."""

import json
import os
import pickle
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch

from segstudio.domain.card import Card
from segstudio.errors import UserError
from segstudio.learning.settings import TrainSettings

CUT_SHORT = (
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
    TypeError,
    KeyError,
    pickle.UnpicklingError,
)
"""What reading a damaged file raises."""

AGAIN = "start a new run instead"


@dataclass(frozen=True)
class Origin:
    """What a checkpoint belongs to: it goes on with nothing else."""

    settings: dict[str, Any]
    classes: list[list[Any]]
    labels: str
    unlabelled: str = ""

    @classmethod
    def of(cls, card: Card, settings: dict[str, Any], unlabelled: str = "") -> "Origin":
        """Take the settings asked for, the card's classes (id, name), and its labels.

        ``unlabelled`` is a fingerprint of the pictures without labels that a teacher looks at.
        """
        classes = [[c.id, c.name] for c in card.classes]
        return cls(settings, classes, card.training_data, unlabelled)

    def check(self, other: "Origin") -> None:
        """Raise `UserError` where a checkpoint of ``other`` cannot go on here."""
        if _known(other.settings) != _known(self.settings):
            raise UserError("the run to resume had other settings", AGAIN)
        if other.classes != self.classes:
            raise UserError("the classes have changed since the run to resume", AGAIN)
        if other.labels != self.labels:
            raise UserError("the labels have changed since the run to resume", AGAIN)
        if other.unlabelled != self.unlabelled:
            raise UserError(
                "the pictures without labels have changed since the run to resume", AGAIN
            )


@dataclass
class Checkpoint:
    """Everything that the rest of a run depends on.

    Random numbers are drawn anew from the seed in each step, so there is no generator to keep.
    ``parts`` is into how many parts a batch is cut to fit into the memory.
    """

    step: int
    module: dict[str, Any]
    average: dict[str, Any]
    optimiser: dict[str, Any]
    scaler: dict[str, Any]
    best: dict[str, Any]
    seconds: float
    batch: int
    parts: int

    def save(self, path: Path, origin: Origin) -> None:
        """Write the file beside and rename it, so that there is always a whole one.

        Raises `OSError` where it cannot be written, and leaves no half of it.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(path.name + ".part")
        try:
            torch.save(vars(self) | {"origin": asdict(origin)}, beside)
            os.replace(beside, path)
        except RuntimeError as error:  # torch's word for a disk that is full
            raise OSError(str(error).partition("\n")[0]) from error
        finally:
            beside.unlink(missing_ok=True)

    @classmethod
    def load(cls, path: Path, origin: Origin) -> "Checkpoint":
        """Read a file; raise `UserError` if it is damaged, or of other settings or labels."""
        try:
            data = torch.load(path, map_location="cpu", weights_only=True)
            found = Origin(**data.pop("origin"))
            saved = cls(**data)
        except CUT_SHORT as error:
            raise UserError(
                "the checkpoint of the run is cut short, damaged or of an older version", AGAIN
            ) from error
        origin.check(found)
        return saved


def _known(settings: dict[str, Any]) -> dict[str, Any]:
    """Return settings with those of a training that an older version did not know."""
    usual = json.loads(json.dumps(asdict(TrainSettings())))
    return settings | {"training": usual | settings.get("training", {})}


class Rhythm:
    """When to write checkpoints: after every epoch, at least every minute, but not all the time.

    An epoch is as many steps as it takes to cut crops of as many pixels as are labelled.
    """

    LONGEST, SHORTEST = 60.0, 10.0
    """Seconds between two of them; a run over a few strokes has an epoch in every step."""
    SHARE = 0.05
    """Of the time that writing may take."""

    def __init__(self, epoch: int) -> None:
        self._epoch = max(1, epoch)
        self._written = time.monotonic()
        self._took = 0.0
        self._first = 0

    def due(self, step: int) -> bool:
        """Tell whether to write one after so many steps."""
        waited = time.monotonic() - self._written
        if waited < max(self.SHORTEST, self._took / self.SHARE):
            return False
        return waited >= self.LONGEST or step // self._epoch > self._first // self._epoch

    def written(self, step: int, seconds: float) -> None:
        """Note that one was written, or could not be, and how long it took."""
        self._written, self._took, self._first = time.monotonic(), seconds, step


def steps_an_epoch(labelled: int, side: int, crops: int) -> int:
    """Return in how many steps crops of ``side`` pixels cover as many as are labelled."""
    return -(-labelled // (side * side * crops)) or 1
