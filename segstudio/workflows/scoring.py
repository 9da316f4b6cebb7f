"""Looking at many pictures, reduced, to know what a model says of their regions."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.features import FeatureMap
from segstudio.domain.metrics import entropy
from segstudio.domain.records import ImageRecord
from segstudio.domain.regions import RegionTable, table_of
from segstudio.domain.task import Cancelled, Task
from segstudio.domain.tiling import Tile
from segstudio.errors import Failure, UserError
from segstudio.inference.model import Model
from segstudio.store.overviews import kept
from segstudio.store.pictures import preview
from segstudio.store.project import Project
from segstudio.store.regions import keep_tables, tables_of
from segstudio.workflows.items import Item, check_unchanged, each, items_of
from segstudio.workflows.saving import Saver
from segstudio.workflows.strategies.strategy import Tables

LONGEST = 512
"""Pictures with longer sides are reduced before a model sees them: it costs a fraction of time."""

FINE = 256
"""Of larger answers every second pixel is looked at, both ways: means hardly change."""

DENSE, SPARSEST = 32, 4
"""Every fourth pixel is looked at where regions then still hold so many of them, both ways."""


def reduction(height: int, width: int, side: int, longest: int = LONGEST) -> tuple[int, int]:
    """Return by how much a picture is reduced, and every how many of its pixels then count.

    ``side`` is that of the regions that are wanted; 0: whole pictures.
    """
    stride = 1
    while -(-max(height, width) // stride) > longest:
        stride *= 2
    reduced = -(-max(height, width) // stride)
    step = 2 if reduced > FINE else 1
    region = min(reduced, side // stride) if side else reduced
    while step < SPARSEST and region >= 2 * step * DENSE:
        step *= 2
    return stride, step


@dataclass
class Scorer:
    """Makes tables of regions of a project's pictures, and remembers them in the project.

    ``models`` answer together: their mean probability counts. Without any, tables tell only how
    regions look. ``key`` is what tables are remembered under. With ``features`` tables hold what
    the encoder of the first model says, too.
    """

    project: Project
    models: Sequence[Model]
    key: str
    side: int
    longest: int = LONGEST
    features: bool = False
    failed: list[Failure] = field(default_factory=list, init=False)

    def tables(self, images: Sequence[ImageRecord], task: Task) -> Tables:
        """Return a table of every picture; those that fail are left out, and listed.

        Raises `Cancelled`; what was done until then is remembered.
        """
        key = self.key if self.longest == LONGEST else f"{self.key}@{self.longest}"
        held = tables_of(self.project, key, self.side)
        known = {i.id: table for i in images if (table := _read(held.get(i.id))) is not None}
        missing = [image for image in images if image.id not in known]
        saver: Saver[bytes] = Saver(
            lambda tables: keep_tables(self.project, key, self.side, tables)
        )

        def do(item: Item, part: Task) -> None:
            assert item.image is not None
            data = self.table(item.image, part).to_bytes()
            # As it is kept, not as it was: the next time shall give the same order.
            known[item.image.id] = RegionTable.from_bytes(data)
            saver.take(item.image.id, data)

        batch = each(items_of(self.project, missing), do, task, "Looking for what to label")
        saver.flush()
        self.failed += batch.failed
        if batch.interrupted:
            raise Cancelled
        return {image.id: known[image.id] for image in images if image.id in known}

    def table(self, image: ImageRecord, task: Task) -> RegionTable:
        """Return the table of one picture; raise `UserError` where there can be none."""
        path = self.project.path_of(image)
        check_unchanged(path, image)
        tile = preview(path, self.longest, kept(self.project.root, image.hash))
        task.report(0, 1, "Looking for what to label")
        return seen(self.models, tile, self.side, self.longest, self.features)


def seen(
    models: Sequence[Model],
    tile: Tile,
    side: int,
    longest: int = LONGEST,
    features: bool = False,
) -> RegionTable:
    """Return what models say of the regions of a picture that was reduced to ``longest``.

    With ``features`` also what the encoder of the first one says; it must be one that gives them.
    Raises `UserError` where a model cannot say how sure it is, or gives no number at all.
    """
    size = tile.box.height, tile.box.width
    stride, step = reduction(*size, side, longest)
    pixels = tile.pixels[::step, ::step]
    valid = None if tile.valid is None else tile.valid[::step, ::step]
    if not models:
        return table_of(None, pixels, valid, stride * step, side, size)
    given = [_answer(model, tile, step, features and not n) for n, model in enumerate(models)]
    together, apart = _together([probabilities for probabilities, _ in given])
    table = table_of(together, pixels, valid, stride * step, side, size, apart, given[0][1])
    if not np.isfinite(table.entropy).any():
        raise UserError("the model gives no number for it")
    return table


def _answer(
    model: Model, tile: Tile, step: int, features: bool
) -> tuple[NDArray[np.float32], FeatureMap | None]:
    """Return the probabilities of every ``step``th pixel and, if asked for, the encoder's map."""
    if not model.doubts:
        raise UserError(
            "the model says only which class a pixel has, not how sure it is",
            "take one that gives logits or probabilities",
        )
    if features:
        logits, seen_inside = model.logits_and_features(tile.pixels)
        return model.shares(logits[:, ::step, ::step]), seen_inside.every(step)
    return model.shares(model.logits(tile.pixels)[:, ::step, ::step]), None


def _together(
    answers: Sequence[NDArray[np.float32]],
) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
    """Return the mean of several answers, and the mutual information between them, 0…1.

    That is the entropy of the mean less the mean of the entropies (BALD, Houlsby et al. 2011).
    """
    if len(answers) == 1:
        return answers[0], None
    mean = np.asarray(np.mean(answers, axis=0), np.float32)
    own = np.asarray(np.mean([entropy(answer) for answer in answers], axis=0), np.float32)
    return mean, np.maximum(entropy(mean) - own, np.float32(0))


def mean_entropy(table: RegionTable) -> float:
    """Return the mean entropy of a picture over all its pixels; NaN where a region has none."""
    heights, widths = table.boxes[:, 2] - table.boxes[:, 0], table.boxes[:, 3] - table.boxes[:, 1]
    weights = heights * widths * table.valid.astype(np.float64)
    return float((table.entropy * weights).sum() / max(weights.sum(), 1e-9))


def _read(data: bytes | None) -> RegionTable | None:
    """Return a table as it was kept; None for one that is not there or damaged."""
    try:
        return None if data is None else RegionTable.from_bytes(data)
    except ValueError:
        return None
