"""``segstudio remove``: take pictures out of a project."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from segstudio.cli.console import Answer, Console, counted

HELP = "take pictures out of a project; their files stay where they are"


def configure(parser: ArgumentParser) -> None:
    parser.add_argument("project", type=Path, metavar="PROJECT")
    parser.add_argument("paths", type=Path, nargs="+", metavar="PATH")


def execute(arguments: Namespace, console: Console) -> Answer:
    from segstudio.cli.projects import changing
    from segstudio.workflows.items import named
    from segstudio.workflows.remove import plan_remove

    with changing(arguments.project, console) as project:
        images = named(project, arguments.paths)
        project.apply(plan_remove(project, images, console.task))
    return Answer({"images": len(images)}, f"removed {counted(len(images), 'picture')}")
