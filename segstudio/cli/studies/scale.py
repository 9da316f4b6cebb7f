"""One network at three scales."""

from argparse import Namespace

from segstudio.cli import trained_studies
from segstudio.cli.console import Answer
from segstudio.domain.task import Task
from segstudio.store.project import Project
from segstudio.workflows.study_scale import plan

HELP = "one network at three scales"

OPTIONS = trained_studies.OPTIONS


def study(project: Project, arguments: Namespace, task: Task) -> Answer:
    """Train the arms that are missing and write the page."""
    return trained_studies.make(plan, project, arguments, task)
