"""A U-Net with and without an encoder that has learned elsewhere."""

from argparse import Namespace

from segstudio.cli import trained_studies
from segstudio.cli.console import Answer
from segstudio.domain.task import Task
from segstudio.store.project import Project
from segstudio.workflows.study_backbone import plan

HELP = "U-Nets on ResNet-50, frozen and free, against a plain one"

OPTIONS = (*trained_studies.OPTIONS, "weights")


def study(project: Project, arguments: Namespace, task: Task) -> Answer:
    """Train the arms that are missing and write the page."""
    return trained_studies.make(plan, project, arguments, task)
