"""Correcting a mask with the model in use: what it thinks around a stroke or in a box."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.task import Task
from segstudio.domain.tiles import Ids
from segstudio.domain.tiling import Pixels
from segstudio.errors import UserError
from segstudio.imaging.lab import Rgb
from segstudio.inference.model import Model
from segstudio.interactive.correction import Probabilities, corrected, corrected_box
from segstudio.interactive.patch import Patch
from segstudio.store.project import Project
from segstudio.workflows.models import IN_USE, in_use

WINDOW = 768
"""Side of what is looked at, in pixels; more only where the stroke itself is larger."""
AROUND = 64, 160
"""Least and most that is looked at around a stroke, in pixels."""
LARGEST = 2048
"""Side of the largest stroke that is thought about."""
OTHER = 254
"""Stands for every class but the one that is painted."""


@dataclass(frozen=True)
class Sources:
    """Where pixels, colours and ids of a box of the picture come from."""

    image: Box
    pixels: Callable[[Box], Pixels]
    rgb: Callable[[Box], Rgb]
    ids: Callable[[Box], Ids]


@dataclass(frozen=True, eq=False)
class _Open:
    """The model in use, and the class of the project for each of its channels."""

    project: Project
    run: str
    model: Model
    classes: tuple[int, ...]


class Rethinker:
    """Keeps the model in use open from one correction to the next."""

    def __init__(self) -> None:
        self._open: _Open | None = None

    def think(
        self, project: Project, sources: Sources, mark: Patch, box: Box | None, value: int,
        task: Task,
    ) -> Patch:  # fmt: skip
        """Return what gets the class ``value`` because of a stroke, or of a box where one is given.

        Raises `UserError` where there is no model, or it cannot help here.
        """
        held = self._opened(project)
        task.report(0, 3, "Correcting")
        drawn = box if box is not None else mark.box
        window = window_of(drawn, sources.image)
        task.report(1, 3, "Correcting")
        found = held.model.probabilities(sources.pixels(window))
        task.report(2, 3, "Correcting")
        probabilities, place = _of_classes(found, held.classes, value)
        before = sources.ids(window)
        ids = _simple(before, value, place)
        if box is not None:
            inner = _inside(box, window)
            part, after = corrected_box(probabilities, sources.rgb(window), ids, inner, place, task)
            drawn_here = np.zeros(part.shape, bool)
        else:
            stroke = mark.over(window)
            part, after = corrected(probabilities, sources.rgb(window), ids, stroke, place, task)
            drawn_here = stroke[part.slices]
        if not part:
            return Patch.empty()
        changed = (after != ids[part.slices]) | drawn_here
        top, left = window.top, window.left
        whole = Box(part.top + top, part.left + left, part.bottom + top, part.right + left)
        return Patch(whole, changed).tight()

    def _opened(self, project: Project) -> _Open:
        run = project.fact(IN_USE)
        if not run:
            raise UserError(
                "train a model first; until then the brush paints",
                "strokes are painted as they are drawn",
            )
        held = self._open
        if held is None or held.project is not project or held.run != run:
            found = in_use(project)
            model = found.open()
            table = found.table(model.card, project)
            classes = tuple(int(table[label.id]) for label in model.card.classes)
            held = self._open = _Open(project, run, model, classes)
        return held


def window_of(drawn: Box, image: Box) -> Box:
    """Return what is looked at around a stroke or a box."""
    side = max(drawn.shape)
    if side > LARGEST:
        raise UserError(
            f"{side} pixels are too many to think about at once",
            f"strokes and boxes up to {LARGEST} pixels are; this stroke is painted as it is",
        )
    least, most = AROUND
    wanted = max(most, side)
    return drawn.grown(min(wanted, max((WINDOW - side) // 2, least))).clipped(image)


def _of_classes(
    found: NDArray[np.float32], classes: tuple[int, ...], value: int
) -> tuple[Probabilities, int]:
    """Return probabilities of the project's classes, and which of them is ``value``.

    Channels whose class the project lacks are added up in one; where the model does not know
    ``value`` its place is one after the last.
    """
    known = list(dict.fromkeys(classes))
    bands = [sum(found[n] for n, id in enumerate(classes) if id == one) for one in known]
    place = known.index(value) if value in known else len(known)
    return np.stack([np.asarray(band, np.float32) for band in bands]), place


def _simple(ids: Ids, value: int, place: int) -> Ids:
    """Return ids in which the class has its place, and all others one id."""
    out = np.full(ids.shape, OTHER, np.uint8)
    out[ids == UNLABELLED] = UNLABELLED
    out[ids == value] = place
    return out


def _inside(box: Box, window: Box) -> Box:
    top, left = box.top - window.top, box.left - window.left
    return Box(top, left, top + box.height, left + box.width)
