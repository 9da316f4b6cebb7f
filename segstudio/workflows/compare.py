"""What simple methods reach on the pictures of a project: a network must be better."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from segstudio.domain.records import ImageRecord, Split
from segstudio.domain.task import Task
from segstudio.domain.tiles import Ids
from segstudio.domain.tiling import Pixels
from segstudio.errors import UserError
from segstudio.store.project import Project
from segstudio.workflows.baselines import Baseline, Labelled, baselines
from segstudio.workflows.shelf import Shelf


def project_baselines(
    project: Project, task: Task, seed: int = 0, split: Split = Split.VAL
) -> dict[str, Baseline]:
    """Measure simple methods, by name: learned on train and pool, measured on ``split``."""
    with labelled(project, split) as (known, test):
        ids = tuple(label.id for label in project.classes())
        return baselines(known, test, ids, task, seed)


@contextmanager
def labelled(
    project: Project, split: Split = Split.VAL
) -> Iterator[tuple[Sequence[Labelled], Sequence[Labelled]]]:
    """Give the labelled pictures to learn from, and those of ``split`` to measure on.

    Raises `UserError` where one of both is empty. Pictures are read while this is entered.
    """
    (learned, test), shelf = apart(project, split), Shelf()
    try:
        yield (
            [_labelled(project, shelf, image) for image in learned],
            [_labelled(project, shelf, image) for image in test],
        )
    finally:
        shelf.close()


def apart(project: Project, split: Split) -> tuple[list[ImageRecord], list[ImageRecord]]:
    """Return the labelled pictures to learn from, of train and pool, and those of ``split``.

    Raises `UserError` where one of both is empty.
    """
    images = project.labelled()
    learned = [i for i in images if i.split in (Split.TRAIN, Split.POOL) and i.split != split]
    test = [i for i in images if i.split == split]
    if not learned or not test:
        raise UserError(
            "the comparison needs labelled pictures to learn from and some to measure on",
            f"add pictures with masks to the splits train and {split}",
        )
    return learned, test


def _labelled(project: Project, shelf: Shelf, image: ImageRecord) -> Labelled:
    mask = project.layers(image).mask
    path = project.path_of(image)

    def pixels() -> Pixels:
        return shelf.read(path, image.box)

    def ids() -> Ids:
        return mask.read(image.box)

    return Labelled(pixels, ids)
