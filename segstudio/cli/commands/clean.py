"""``segstudio clean``: clean up the masks of pictures, in steps."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from segstudio.cli.console import Answer, Console, counted

HELP = "remove specks, fill holes, smooth and the like, in the masks of pictures"


def configure(parser: ArgumentParser) -> None:
    parser.add_argument("project", type=Path, metavar="PROJECT")
    parser.add_argument("paths", type=Path, nargs="*", metavar="PATH", help="every one without it")
    parser.add_argument(
        "--step", dest="steps", action="append", required=True, metavar="NAME[:FIELD=VALUE,…]",
        help="what to do, as remove_specks:smaller_than=50,classes=1,2; repeatable, in this order",
    )  # fmt: skip


def execute(arguments: Namespace, console: Console) -> Answer:
    from segstudio.cli.projects import changing
    from segstudio.workflows.cleaning import plan_clean, read_step
    from segstudio.workflows.items import named

    steps = [read_step(text) for text in arguments.steps]
    with changing(arguments.project, console) as project:
        images = named(project, arguments.paths) if arguments.paths else project.images()
        found = plan_clean(project, images, steps, console.task)
        project.apply(found.edit)
    text = f"cleaned up {counted(found.images, 'picture')}: {found.changed} changed"
    return Answer({"images": found.images, "changed": found.changed}, text)
