"""Taking the masks of a project out, in a format of other programs."""

from pathlib import Path

from segstudio.domain.task import Task
from segstudio.errors import UserError
from segstudio.store.exchange.format import Exported, Format
from segstudio.store.project import Project
from segstudio.workflows.outputs import check_folder


def export(project: Project, format: Format, folder: Path, task: Task) -> Exported:
    """Write the masks of all pictures that have any labelled pixel."""
    images = project.labelled()
    if not images:
        raise UserError("nothing is labelled yet", "paint or accept some masks first")
    check_folder(folder)
    return format.export(project, images, folder, task)
