"""``segstudio pipelines``: show those of a project, or drop some."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from segstudio.cli.console import Answer, Console, table

HELP = "show the pipelines of a project, or delete some"


def configure(parser: ArgumentParser) -> None:
    parser.add_argument("project", type=Path, metavar="PROJECT")
    parser.add_argument(
        "--delete", action="append", default=[], metavar="NAME",
        help="forget a pipeline; what it has proposed stays; repeatable",
    )  # fmt: skip


def execute(arguments: Namespace, console: Console) -> Answer:
    from segstudio.cli.projects import changing, reading
    from segstudio.workflows.listing import pipelines
    from segstudio.workflows.pipelines import delete_pipeline, find_pipeline

    with reading(arguments.project) as project:
        for name in arguments.delete:  # nothing is written where one is wrong
            find_pipeline(project, name)
        rows = pipelines(project)
    if arguments.delete:
        with changing(arguments.project, console) as project:
            for name in {find_pipeline(project, name).name for name in arguments.delete}:
                delete_pipeline(project, name).result()
            rows = pipelines(project)
    return Answer({"pipelines": rows}, table(rows))
