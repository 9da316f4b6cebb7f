"""``segstudio clear``: take back what is labelled."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from segstudio.cli.console import Answer, Console, counted
from segstudio.errors import UserError

HELP = "drop the masks and proposals of pictures, which stay in the project"


def configure(parser: ArgumentParser) -> None:
    parser.add_argument("project", type=Path, metavar="PROJECT")
    parser.add_argument("paths", type=Path, nargs="*", metavar="PATH")
    parser.add_argument("--all", action="store_true", help="every picture of the project")


def execute(arguments: Namespace, console: Console) -> Answer:
    from segstudio.cli.projects import changing
    from segstudio.workflows.clear import plan_clear
    from segstudio.workflows.items import named

    if arguments.all == bool(arguments.paths):
        raise UserError("say which pictures to clear", "name some, or give --all for every one")
    with changing(arguments.project, console) as project:
        images = project.images() if arguments.all else named(project, arguments.paths)
        project.apply(plan_clear(project, images, console.task))
    return Answer({"images": len(images)}, f"cleared {counted(len(images), 'picture')}")
