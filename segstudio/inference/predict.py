"""Predicting images of any size, window by window."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segstudio.domain import tiling
from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.metrics import entropy
from segstudio.domain.task import Quiet, Task
from segstudio.domain.tiles import Ids
from segstudio.domain.tiling import Tile
from segstudio.inference.model import Model, softmax

Result = tuple[Ids, NDArray[np.float32] | None]


def predict(
    model: Model,
    height: int,
    width: int,
    read: Callable[[Box], Tile],
    task: Task,
    want_entropy: bool = False,
) -> Iterator[tuple[Box, Ids, NDArray[np.float32] | None]]:
    """Yield boxes that do not overlap, with their class ids and, if wanted, entropy of 0…1.

    Pixels without data are 255 and have entropy 0; windows without any data are passed over,
    so a caller starts from 255 everywhere. Reports to ``task`` before every window.
    """
    plan = tiling.windows(height, width, model.card.tile, model.card.halo)

    def compute(tile: Tile) -> Result:
        return _predict_tile(model, tile, want_entropy)

    for window, _, (ids, doubt) in tiling.run(plan, read, compute, task, "Predicting"):
        kept = None if doubt is None else tiling.core(window, doubt)
        yield window.core, tiling.core(window, ids), kept


def _predict_tile(model: Model, tile: Tile, want_entropy: bool) -> Result:
    logits = model.logits(tile.pixels)
    ids = np.array(model.card.ids, np.uint8)[logits.argmax(0)]
    doubt = entropy(softmax(logits)) if want_entropy else None
    if tile.valid is not None:
        ids[~tile.valid] = UNLABELLED
        if doubt is not None:
            doubt[~tile.valid] = 0
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
