"""The pictures of a project that nobody has labelled, for a teacher to look at."""

from collections.abc import Iterator
from functools import partial

import numpy as np

from segstudio.domain.classes import UNLABELLED
from segstudio.domain.geometry import Box
from segstudio.domain.records import ImageRecord, Split
from segstudio.domain.task import Task, track
from segstudio.domain.tiles import Ids
from segstudio.learning.dataset import Example
from segstudio.store.project import Project
from segstudio.workflows.labels import WHOLE, WINDOW
from segstudio.workflows.shelf import Shelf

LEARNED = (Split.POOL, Split.TRAIN)


def without_labels(project: Project, shelf: Shelf, task: Task) -> list[Example]:
    """Return the pictures of the splits pool and train that have no labelled pixel.

    They have the bands and the type of numbers that the labelled ones have; those whose file is
    not there are left out. What is held back or set aside is labelled, or of another split, so
    that nobody learns from it. Of large pictures the parts are returned.
    """
    labelled = project.labelled()
    known = {image.id for image in labelled}
    kinds = {(image.bands, image.dtype) for image in labelled if image.split in LEARNED}
    wanted = [
        image
        for image in project.images()
        if image.id not in known and image.split in LEARNED and (image.bands, image.dtype) in kinds
    ]
    return [
        example
        for image in track(task, wanted, "Looking for pictures without labels")
        if project.path_of(image).is_file()
        for example in _examples(project, shelf, image)
    ]


def _examples(project: Project, shelf: Shelf, image: ImageRecord) -> Iterator[Example]:
    path = project.path_of(image)
    boxes = [image.box] if image.box.area <= WHOLE else image.box.tiles(WINDOW)
    for box in boxes:
        yield Example(
            image.name, partial(shelf.read, path, box), partial(_nothing, box),
            f"{image.hash}:{box}", image.id,
        )  # fmt: skip


def _nothing(box: Box) -> Ids:
    """Return the mask of a box without labels; it takes no memory."""
    return np.broadcast_to(np.uint8(UNLABELLED), (box.height, box.width))
