"""``segstudio list``: show what there is."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from segstudio.cli.console import Answer, Console, table

HELP = (
    "show methods, networks, losses, strategies, formats, tools, classes, images, runs or pipelines"
)

WHAT = (
    "methods", "networks", "losses", "strategies", "formats", "tools", "classes", "images", "runs",
    "pipelines",
)  # fmt: skip


def configure(parser: ArgumentParser) -> None:
    parser.add_argument("what", choices=WHAT, metavar="WHAT", help=", ".join(WHAT))
    parser.add_argument("project", nargs="?", type=Path, metavar="PROJECT")


def execute(arguments: Namespace, console: Console) -> Answer:
    from segstudio.cli.projects import reading
    from segstudio.workflows.listing import OF_PROGRAM, OF_PROJECT

    if arguments.what in OF_PROGRAM:
        rows = OF_PROGRAM[arguments.what]()
    else:
        with reading(arguments.project or Path.cwd()) as project:
            rows = OF_PROJECT[arguments.what](project)
    return Answer({"rows": rows}, table(rows))
