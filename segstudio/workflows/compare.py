"""What simple methods reach on the pictures of a project: a network must be better."""

from segstudio.domain.records import ImageRecord, Split
from segstudio.domain.task import Task
from segstudio.domain.tiles import Ids
from segstudio.domain.tiling import Pixels
from segstudio.errors import UserError
from segstudio.store.project import Project
from segstudio.workflows.baselines import Labelled, baselines
from segstudio.workflows.shelf import Shelf


def project_baselines(project: Project, task: Task, seed: int = 0) -> dict[str, float | None]:
    """Return the mIoU of simple methods: learned on train and pool, measured on val."""
    labelled = project.labelled()
    shelf = Shelf()
    try:
        learned = [i for i in labelled if i.split in (Split.TRAIN, Split.POOL)]
        known = [_labelled(project, shelf, image) for image in learned]
        test = [_labelled(project, shelf, i) for i in labelled if i.split == Split.VAL]
        if not known or not test:
            raise UserError(
                "the comparison needs labelled pictures to learn from and some to measure on",
                "add pictures with masks to the splits train and val",
            )
        ids = tuple(label.id for label in project.classes())
        found = baselines(known, test, ids, task, seed)
    finally:
        shelf.close()
    return {name: confusion.miou for name, confusion in found.items()}


def _labelled(project: Project, shelf: Shelf, image: ImageRecord) -> Labelled:
    mask = project.layers(image).mask
    path = project.path_of(image)

    def pixels() -> Pixels:
        return shelf.read(path, image.box)

    def ids() -> Ids:
        return mask.read(image.box)

    return Labelled(pixels, ids)
