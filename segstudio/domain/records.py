"""What a project knows of its pictures, runs and queue: plain rows."""

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from segstudio.domain.classes import LabelClass
from segstudio.domain.geometry import Box

Row = dict[str, Any]
"""A record as the values of its columns, all of which JSON can hold."""


class State(StrEnum):
    """How far the labelling of an image has come."""

    UNLABELLED = "unlabelled"
    PROPOSED = "proposed"
    IN_WORK = "in_work"
    REVIEWED = "reviewed"


class Split(StrEnum):
    """What an image is used for; labelled pool images are trained on."""

    POOL = "pool"
    TRAIN = "train"
    VAL = "val"
    TEST = "test"


@dataclass(frozen=True)
class ImageRecord:
    """A picture of the project; ``path`` is relative to the project's folder where possible."""

    id: int
    path: str
    name: str
    width: int
    height: int
    bands: int = 3
    dtype: str = "uint8"
    state: State = State.UNLABELLED
    split: Split = Split.POOL
    size: int = 0
    hash: str = ""
    georef: dict[str, Any] | None = None
    nodata: float | None = None
    note: str = ""
    added: float = 0.0

    @property
    def box(self) -> Box:
        return Box(0, 0, self.height, self.width)

    def row(self) -> Row:
        # Not asdict: its deep copies take seconds for the pictures of a large project.
        return {**vars(self), "state": str(self.state), "split": str(self.split)}

    def changed(self, values: Row) -> "ImageRecord":
        """Return the record with other values in some columns; quicker than `replace`."""
        made = object.__new__(ImageRecord)
        vars(made).update(vars(self))
        vars(made).update(values)
        if "state" in values:
            vars(made)["state"] = State(values["state"])
        if "split" in values:
            vars(made)["split"] = Split(values["split"])
        return made

    @classmethod
    def of(cls, row: Row) -> "ImageRecord":
        return cls(**{**row, "state": State(row["state"]), "split": Split(row["split"])})


def class_row(label: LabelClass) -> Row:
    return {**asdict(label), "colour": list(label.colour)}


def class_of(row: Row) -> LabelClass:
    return LabelClass(**{**row, "colour": tuple(row["colour"])})


@dataclass(frozen=True)
class RunRecord:
    """One training or reduction. ``status`` is running, done, failed or cancelled."""

    id: int
    kind: str
    network: str
    status: str
    started: float
    finished: float | None = None
    settings: dict[str, Any] = field(default_factory=dict)
    metrics: dict[str, Any] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True)
class QueueItem:
    """An image, or a region of it, in the order in which to label."""

    image: int
    score: float
    strategy: str
    box: Box | None = None
    reason: str = ""
    predicted: int | None = None
    """Id of the class for which it was chosen, or that the model sees most of in it."""
    by_lot: bool = False
    """Whether it was drawn by lot from all regions."""
