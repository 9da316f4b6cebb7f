"""U-Nets scaled in width, depth and resolution."""

from argparse import Namespace

from segstudio.cli import trained_studies
from segstudio.cli.console import Answer
from segstudio.domain.task import Task
from segstudio.store.project import Project
from segstudio.workflows.study_scaling import plan

HELP = "six U-Nets at equal steps and at equal multiplications"

OPTIONS = trained_studies.OPTIONS


def study(project: Project, arguments: Namespace, task: Task) -> Answer:
    """Train the arms that are missing and write the page."""
    return trained_studies.make(plan, project, arguments, task)
