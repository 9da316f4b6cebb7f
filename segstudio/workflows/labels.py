"""The labels of a project as training and validation want them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from segstudio.domain.geometry import Box
from segstudio.domain.records import ImageRecord, Split
from segstudio.domain.task import Task, track
from segstudio.domain.tiles import SparseLayer, keys_of
from segstudio.errors import Failure, UserError
from segstudio.learning import holdout
from segstudio.learning.dataset import Example
from segstudio.store.project import Project
from segstudio.workflows.effort import looked_at
from segstudio.workflows.holding_back import Before, held_back
from segstudio.workflows.items import check_unchanged
from segstudio.workflows.shelf import Shelf

WHOLE = 4_000_000
"""Pixels up to which a picture is trained on in one piece; of larger ones, labelled windows."""

WHOLE_HELD = 16_000_000
"""The same for pictures that are predicted: cut less, they are measured more truly."""

WINDOW = 1024


@dataclass(frozen=True)
class Labels:
    """What is learned from, what is measured on, and how far the figure is to be trusted."""

    train: list[Example]
    held: list[Example]
    split: str
    indicative: bool
    failed: list[Failure]


def collect(project: Project, shelf: Shelf, task: Task) -> Labels:
    """Return the labels as they are now; later changes do not reach them.

    Learned from are pictures of the splits train and pool. Measured on are those of val; where
    there is none, labels are held back. Pictures whose file is gone or changed are left out.
    """
    failed: list[Failure] = []
    images = [i for i in project.labelled() if i.split != Split.TEST]
    images = list(_there(project, images, failed, task))
    val = [image for image in images if image.split == Split.VAL]
    rest = [image for image in images if image.split != Split.VAL]
    if not rest:
        raise UserError(*_nothing(val, failed))
    cut = _Cutter(project, shelf, newly_labelled(project))
    if val:
        held = cut.all(val, WHOLE_HELD)
        return Labels(cut.all(rest, WHOLE), held, "val", False, failed)
    if len(rest) < holdout.EVERY:
        parts = holdout.split(cut.all(rest, WHOLE), task)
        return Labels(parts.train, parts.held, "held back", True, failed)
    back = held_back(rest, Before.of(project))
    train = cut.all([image for image in rest if image.id not in back], WHOLE)
    held = cut.all([image for image in rest if image.id in back], WHOLE_HELD)
    return Labels(train, held, "held back", False, failed)


def examples_of(project: Project, shelf: Shelf, split: Split, task: Task) -> list[Example]:
    """Return the labelled pictures of a split, to be measured on.

    Raises `UserError` where there are none, or one cannot be read.
    """
    images = [image for image in project.labelled() if image.split == split]
    failed: list[Failure] = []
    there = list(_there(project, images, failed, task))
    if failed:
        raise UserError(f"{failed[0].path}: {failed[0].reason}", "put it back, or remove it")
    if not there:
        raise UserError(
            f"no picture of the split {split} is labelled",
            f"add some with --split {split} --masks DIR, or name another split",
        )
    return _Cutter(project, shelf).all(there, WHOLE_HELD)


def _nothing(val: Sequence[ImageRecord], failed: Sequence[Failure]) -> tuple[str, str]:
    if failed:
        return "none of the labelled pictures can be read", failed[0].reason
    if val:
        return "only pictures of the split val are labelled", "label pictures of other splits too"
    return "nothing is labelled yet", "paint a few strokes of each class, then train again"


def _there(
    project: Project, images: Sequence[ImageRecord], failed: list[Failure], task: Task
) -> Iterator[ImageRecord]:
    for image in track(task, images, "Looking for the pictures"):
        path = project.path_of(image)
        try:
            check_unchanged(path, image)
        except UserError as error:
            failed.append(Failure(str(path), error.message))
        else:
            yield image


def newly_labelled(project: Project) -> frozenset[int]:
    """Return the ids of the pictures that were changed since a finished training last read them."""
    done = [looked_at(r) for r in project.runs() if r.kind == "train" and r.status == "done"]
    entries, count = project.history()
    since = max(done, default=0.0)
    return frozenset(id for entry in entries[:count] if entry.time > since for id in entry.images)


@dataclass(frozen=True)
class _Cutter:
    project: Project
    shelf: Shelf
    fresh: frozenset[int] = frozenset()

    def all(self, images: Sequence[ImageRecord], whole: int) -> list[Example]:
        return [example for image in images for example in self._examples(image, whole)]

    def _examples(self, image: ImageRecord, whole: int) -> Iterator[Example]:
        """Yield a picture, or its labelled windows, pixels and mask unread."""
        mask = self.project.layers(image).mask
        if image.box.area <= whole:
            yield self._example(image, mask, image.box, image.name, image.hash)
            return
        for box in image.box.tiles(WINDOW):
            if any(key in mask for key in keys_of(box)):
                name = f"{image.name} {box.left},{box.top}"
                yield self._example(image, mask, box, name, f"{image.hash}:{box}")

    def _example(
        self, image: ImageRecord, mask: SparseLayer, box: Box, name: str, content: str
    ) -> Example:
        path = self.project.path_of(image)
        read = partial(self.shelf.read, path, box)
        fresh = image.id in self.fresh
        return Example(name, read, partial(mask.read, box), content, image.id, fresh)
