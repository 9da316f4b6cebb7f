"""Predicting images of any size, window by window."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segstudio.domain import tiling
from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.metrics import entropy
from segstudio.domain.task import Quiet, Task, track
from segstudio.domain.tiles import Ids
from segstudio.domain.tiling import Tile
from segstudio.errors import UserError
from segstudio.inference.answers import Logits
from segstudio.inference.model import Model
from segstudio.inference.whole import drawn, shrunk

PART = 1024
"""Side of the parts in which the answer to a whole picture is drawn at full size."""

Result = tuple[Ids, NDArray[Any] | None]

Measure = Callable[[NDArray[np.float32]], NDArray[Any]]
"""Says of probabilities, C × H × W, how unsure they are: H × W, or more planes of that size."""


def predict(
    model: Model,
    height: int,
    width: int,
    read: Callable[[Box], Tile],
    task: Task,
    want_entropy: bool = False,
    measure: Measure = entropy,
) -> Iterator[tuple[Box, Ids, NDArray[Any] | None]]:
    """Yield boxes that do not overlap, with their class ids and, if wanted, entropy of 0…1.

    Pixels without data are 255 and have entropy 0; windows without any data are passed over,
    so a caller starts from 255 everywhere. Reports to ``task`` before every window. ``measure``
    is what is said in place of the entropy. Raises `UserError` where entropy is wanted of a
    model that only says which class.
    """
    chosen = measure if want_entropy else None
    if want_entropy and not model.doubts:
        raise UserError(
            "the model says only which class a pixel has, not how sure it is",
            "take one that gives logits or probabilities",
        )
    if model.whole is not None:
        yield from _predict_whole(model, model.whole, (height, width), read, task, chosen)
        return
    plan = tiling.windows(height, width, model.card.tile, model.card.halo)

    def compute(tile: Tile) -> Result:
        return _predict_tile(model, tile, chosen)

    for window, _, (ids, doubt) in tiling.run(plan, read, compute, task, "Predicting"):
        kept = None if doubt is None else tiling.core(window, doubt)
        yield window.core, tiling.core(window, ids), kept


def _predict_tile(model: Model, tile: Tile, measure: Measure | None) -> Result:
    holes = None if tile.valid is None else ~tile.valid
    return _result(model, model.logits(tile.pixels), holes, measure)


def _predict_whole(
    model: Model,
    size: tuple[int, int],
    picture: tuple[int, int],
    read: Callable[[Box], Tile],
    task: Task,
    measure: Measure | None,
) -> Iterator[tuple[Box, Ids, NDArray[Any] | None]]:
    """Let the model see the picture in its own size; give its answer part by part in the full."""
    pixels, holes = shrunk(read, picture, size, task)
    seen = model.logits(pixels)
    for box in track(task, list(Box(0, 0, *picture).tiles(PART)), "Predicting"):
        yield box, *_result(model, drawn(seen, box, picture), holes.over(box), measure)


def _result(
    model: Model, logits: Logits, holes: NDArray[np.bool_] | None, measure: Measure | None
) -> Result:
    ids = np.array(model.card.ids, np.uint8)[logits.argmax(0)]
    doubt = measure(model.shares(logits)) if measure else None
    if holes is not None:
        ids[holes] = UNLABELLED
        if doubt is not None:
            doubt[..., holes] = 0
    return ids, doubt


def mean_entropy(
    model: Model, pixels: NDArray[Any], valid: NDArray[np.bool_] | None = None
) -> float:
    """Return the mean entropy, 0…1, of a picture that is small or has been reduced.

    It serves to rank pictures: those with the highest are the ones to label next (S1).
    """
    height, width = pixels.shape[:2]
    sure = np.ones((height, width), bool) if valid is None else valid

    def read(box: Box) -> Tile:
        return Tile(pixels[box.slices], box, sure[box.slices])

    parts = predict(model, height, width, read, Quiet(), want_entropy=True)
    total = sum(float(doubt.sum()) for _, _, doubt in parts if doubt is not None)
    return total / max(1, int(sure.sum()))
