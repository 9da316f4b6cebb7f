"""Whether a new model takes the place of the one in use: not where it is clearly worse."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.geometry import Box
from segstudio.domain.intervals import bootstrap
from segstudio.domain.metrics import Confusion
from segstudio.domain.task import Task, track
from segstudio.domain.tiling import Tile
from segstudio.errors import UserError
from segstudio.inference.model import Model
from segstudio.inference.predict import predict
from segstudio.learning.dataset import Example
from segstudio.store.project import Project
from segstudio.workflows.models import Found, in_use

SLACK = 0.02
"""By how much a figure may fall whose interval is not known: that of one picture."""

Piece = tuple[NDArray[Any], NDArray[np.uint8]]
"""Pixels and mask of a picture, or of a part of it."""


@dataclass(frozen=True)
class Former:
    """What the model in use reaches on the pictures that a new one is measured on."""

    miou: float
    interval: tuple[float, float] | None = None

    @property
    def least(self) -> float:
        """What a new model must reach to take its place."""
        return self.miou - SLACK if self.interval is None else self.interval[0]

    def gives_way(self, miou: float | None) -> bool:
        """Tell whether a model with this figure takes its place."""
        return miou is not None and miou >= self.least

    def to_json(self) -> dict[str, Any]:
        interval = None if self.interval is None else list(self.interval)
        return {"miou": self.miou, "interval": interval}


def outcome(former: Former | None, in_use: bool) -> str:
    """Say which model is in use after a training, and why."""
    if former is None:
        return "its model is the one in use now"
    span = "" if former.interval is None else " ({:.2f} to {:.2f})".format(*former.interval)
    if in_use:
        before = f"the one before reaches {former.miou:.2f}{span} on the same pictures"
        return f"its model is the one in use now; {before}"
    return f"the former model stays in use: it reaches {former.miou:.2f}{span} on the same pictures"


def former_of(project: Project, held: Sequence[Example], task: Task) -> Former | None:
    """Measure the model in use on what is held back; None where there is nothing to compare.

    Both models are measured on the same pictures, so that it does not matter which pictures
    have been labelled meanwhile.
    """
    try:
        found = in_use(project)
        pieces = ((e.read_pixels(), e.read_mask()) for e in track(task, held, "Measuring"))
        return measured_on(project, found, pieces, task)
    except UserError:
        return None  # it cannot be asked: so there is nothing to keep


def measured_on(
    project: Project, found: Found, pieces: Iterable[Piece], task: Task
) -> Former | None:
    """Return what a model reaches on pictures with masks; None where nothing is labelled."""
    model = found.open(1)
    table = found.table(model.card, project)
    ids = tuple(label.id for label in project.classes())
    parts = [_confusion(model, table, ids, *piece, task) for piece in pieces]
    if not parts:
        return None
    total = Confusion(ids)
    for part in parts:
        total += part
    return None if total.miou is None else Former(total.miou, bootstrap(parts))


def _confusion(
    model: Model,
    table: NDArray[np.uint8],
    ids: tuple[int, ...],
    pixels: NDArray[Any],
    mask: NDArray[np.uint8],
    task: Task,
) -> Confusion:
    def read(box: Box) -> Tile:
        return Tile(pixels[box.slices], box, None)

    confusion = Confusion(ids)
    height, width = mask.shape
    for box, predicted, _ in predict(model, height, width, read, task):
        confusion.add(mask[box.slices], table[predicted])
    return confusion
