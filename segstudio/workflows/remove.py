"""Taking pictures out of a project. Their files stay where they are."""

from collections.abc import Sequence

from segstudio.domain.edit import Edit, RowChange
from segstudio.domain.records import ImageRecord
from segstudio.domain.task import Task
from segstudio.store.project import Project
from segstudio.workflows.clear import counted, emptying


def plan_remove(project: Project, images: Sequence[ImageRecord], task: Task) -> Edit:
    """Plan to take pictures out, with their masks and proposals, as one change."""
    rows = [RowChange("images", image.id, image.row(), None) for image in images]
    return emptying(project, images, rows, f"Remove {counted(images)}", "Removing", task)
