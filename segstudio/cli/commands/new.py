"""``segstudio new``: make a project."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from segstudio.cli.console import Answer, Console

HELP = "make a project with its classes"


def configure(parser: ArgumentParser) -> None:
    parser.add_argument("project", type=Path, metavar="PROJECT")
    parser.add_argument(
        "--class",
        dest="classes",
        action="append",
        default=[],
        metavar="NAME[:#RRGGBB]",
        help="a class, numbered from 0 in the order given; repeat it for more",
    )


def execute(arguments: Namespace, console: Console) -> Answer:
    from segstudio.domain.classes import parse_class
    from segstudio.store.project import Project
    from segstudio.workflows.listing import classes

    labels = [parse_class(text, id) for id, text in enumerate(arguments.classes)]
    project = Project.create(arguments.project, labels)
    try:
        found = [{k: row[k] for k in ("id", "name", "colour")} for row in classes(project)]
    finally:
        project.close()
    number = f"{len(labels)} class{'es' * (len(labels) != 1)}"
    return Answer(
        {"project": str(project.root), "classes": found}, f"made {project.root} with {number}"
    )
