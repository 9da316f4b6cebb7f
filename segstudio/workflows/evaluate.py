"""Measuring a model on pictures whose masks are known."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segstudio.domain.classes import LabelClass
from segstudio.domain.intervals import bootstrap
from segstudio.domain.metrics import Confusion
from segstudio.domain.records import Split
from segstudio.domain.task import Task
from segstudio.domain.tiles import LayerBuilder, SparseLayer
from segstudio.errors import Failure, UserError
from segstudio.inference.model import Model
from segstudio.store.masks import mask_windows
from segstudio.store.project import Project
from segstudio.workflows.finding import find_pictures
from segstudio.workflows.incoming import MaskRules
from segstudio.workflows.items import Batch, Item, OpenItem, each, items_of, opened
from segstudio.workflows.models import Found
from segstudio.workflows.pairing import MaskFiles
from segstudio.workflows.predict import classes_of, pieces

Reference = Callable[[Item, OpenItem], SparseLayer]
"""Gives the mask that is right for a picture; raises `UserError` where there is none."""


@dataclass
class Evaluation:
    """One confusion matrix over all pictures, and the classes of its rows.

    ``parts`` are the pictures that it is the sum of.
    """

    confusion: Confusion
    classes: Sequence[LabelClass]
    parts: list[tuple[Item, Confusion]] = field(default_factory=list)
    images: int = 0
    failed: list[Failure] = field(default_factory=list)
    seconds: float = 0.0
    interrupted: bool = False

    def summary(self) -> dict[str, Any]:
        """Return the figures under the keys of ``evaluate --json``.

        ``interval`` is where the mIoU lies in 95 of 100 cases, by drawing the pictures anew.
        """
        interval = bootstrap([part for _, part in self.parts])
        figures = self.confusion.summary({label.id: label.name for label in self.classes})
        return {**figures, "interval": None if interval is None else list(interval)}

    def worst(self, count: int) -> list[dict[str, Any]]:
        """Return the pictures with the lowest mIoU, ``path`` and ``miou`` of each."""
        known = [(m, str(item.path)) for item, part in self.parts if (m := part.miou) is not None]
        return [{"path": path, "miou": miou} for miou, path in sorted(known)[:count]]


def evaluate_project(
    project: Project,
    found: Found,
    task: Task,
    split: Split = Split.VAL,
    threads: int | None = None,
) -> Evaluation:
    """Measure a model on the labelled pictures of a split, in the classes of the project.

    Classes that the model lacks cannot be right; its classes that the project lacks are wrong.
    """
    images = [image for image in project.labelled() if image.split == split]
    if not images:
        raise UserError(
            f"no picture of the split {split} is labelled",
            f"add some with --split {split} --masks DIR, or name another split",
        )
    model = found.open(threads)
    table = found.table(model.card, project)

    def reference(item: Item, picture: OpenItem) -> SparseLayer:
        assert item.image is not None
        return project.layers(item.image).mask

    items = items_of(project, images)
    return _evaluate(items, model, table, project.classes(), reference, task)


def evaluate_files(
    found: Found,
    paths: Sequence[Path],
    masks: Path,
    ignore: Sequence[int],
    task: Task,
    threads: int | None = None,
) -> Evaluation:
    """Measure a model on pictures with masks in its own ids (or colours), paired by name."""
    model = found.open(threads)
    classes = classes_of(model.card)
    files = MaskFiles(masks, paths)
    rules = MaskRules(classes, ignore)
    pictures, failed = find_pictures(paths, [masks])

    def reference(item: Item, picture: OpenItem) -> SparseLayer:
        mask = files.of(item.path)
        if mask is None:
            raise UserError("it has no mask")
        builder = LayerBuilder(picture.height, picture.width)
        size = (picture.height, picture.width)
        for box, ids in mask_windows(mask, size, rules.classes, rules.ignore, rules.legend):
            builder.write(box, ids)
        return SparseLayer(*size, builder.finish())

    items = [Item(path) for path in pictures]
    same = np.arange(256, dtype=np.uint8)
    result = _evaluate(items, model, same, classes, reference, task)
    result.failed = [*failed, *result.failed]
    return result


def _evaluate(
    items: Sequence[Item],
    model: Model,
    table: NDArray[np.uint8],
    classes: Sequence[LabelClass],
    reference: Reference,
    task: Task,
) -> Evaluation:
    total = Evaluation(Confusion(tuple(label.id for label in classes)), classes)

    def do(item: Item, part: Task) -> None:
        with opened(item) as picture:
            mask = reference(item, picture)
            found = measured(model, table, picture, mask, total.confusion.ids, part)
            total.confusion += found
            total.parts.append((item, found))

    batch: Batch = each(items, do, task, "Evaluating")
    total.images, total.failed, total.seconds = batch.images, batch.failed, batch.seconds
    total.interrupted = batch.interrupted
    return total


def measured(
    model: Model,
    table: NDArray[np.uint8],
    picture: OpenItem,
    mask: SparseLayer,
    ids: tuple[int, ...],
    task: Task,
) -> Confusion:
    """Return the confusion of one picture, window by window."""
    confusion = Confusion(ids)
    for box, predicted, _ in pieces(model, picture, task):
        confusion.add(mask.read(box), table[predicted])
    # Windows without data are not predicted: what is labelled in them counts as missed.
    missed = mask.counts()[list(ids)] - confusion.counts.sum(1)
    confusion.counts[:, -1] += missed
    return confusion
