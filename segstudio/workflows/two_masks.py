"""Two masks of one picture beside each other: where they come from, how they differ."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.classes import UNLABELLED, LabelClass
from segstudio.domain.metrics import Confusion
from segstudio.domain.task import Task, track
from segstudio.domain.tiles import Ids, Key, LayerBuilder, SparseLayer, blank
from segstudio.store.formats import Picture
from segstudio.store.masks import mask_windows
from segstudio.store.project import Project
from segstudio.workflows.items import OpenItem
from segstudio.workflows.models import Found
from segstudio.workflows.predict import pieces


def predicted_layer(
    found: Found, project: Project, picture: Picture, task: Task, threads: int | None = None
) -> SparseLayer:
    """Return what a model says of a picture, in the classes of a project; nothing is kept."""
    model = found.open(threads)
    table = found.table(model.card, project)
    opened = OpenItem(picture)
    builder = LayerBuilder(opened.height, opened.width)
    for box, ids, _ in pieces(model, opened, task):
        builder.write(box, table[ids])
    return SparseLayer(opened.height, opened.width, builder.finish())


def reference_layer(
    path: Path, size: tuple[int, int], classes: Sequence[LabelClass], task: Task
) -> SparseLayer:
    """Return a mask from a file; raise `UserError` where it does not fit picture or classes."""
    builder = LayerBuilder(*size)
    for box, ids in mask_windows(path, size, classes):
        task.report(box.top, size[0], "Reading the mask")
        builder.write(box, ids)
    return SparseLayer(*size, builder.finish())


@dataclass(frozen=True)
class Figures:
    """How many pixels of two masks differ, and how.

    ``miou`` takes the second for the reference; None where that has no class.
    """

    only_first: int
    only_second: int
    different: int
    same: int
    miou: float | None

    @property
    def differing(self) -> int:
        return self.only_first + self.only_second + self.different

    @property
    def share(self) -> float:
        """The part, 0…1, of the pixels labelled in either that differ."""
        return self.differing / max(self.differing + self.same, 1)


def figures(first: SparseLayer, second: SparseLayer, ids: Sequence[int], task: Task) -> Figures:
    """Compare all pixels of two layers of one picture."""
    pairs = np.zeros(65536, np.int64)
    keys: list[Key] = sorted({*first, *second})
    for key in track(task, keys, "Comparing"):
        pairs += np.bincount(
            _array(second, key).ravel().astype(np.uint16) * 256 + _array(first, key).ravel(),
            minlength=65536,
        )
    return _figures(pairs.reshape(256, 256), ids)


def _figures(pairs: NDArray[np.int64], ids: Sequence[int]) -> Figures:
    """Return what counts of pixels say, by the second's id and the first's."""
    labelled = pairs[:UNLABELLED, :UNLABELLED]
    same = int(np.trace(labelled))
    confusion = Confusion(tuple(ids))
    confusion.add_pairs(pairs)
    return Figures(
        only_first=int(pairs[UNLABELLED, :UNLABELLED].sum()),
        only_second=int(pairs[:UNLABELLED, UNLABELLED].sum()),
        different=int(labelled.sum()) - same,
        same=same,
        miou=confusion.miou,
    )


def _array(layer: SparseLayer, key: Key) -> Ids:
    tile = layer.get(key)
    return blank() if tile is None else tile.array
