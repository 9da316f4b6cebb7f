"""``segstudio new``: make a project."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from segstudio.cli.console import Answer, Console

HELP = "make a project with its classes"


def configure(parser: ArgumentParser) -> None:
    parser.add_argument("project", type=Path, metavar="PROJECT")
    parser.add_argument(
        "--classes", dest="template", metavar="NAME_OR_FILE",
        help="the classes of a template (binary, cells, facade_clutter, land_cover) or file",
    )  # fmt: skip
    parser.add_argument(
        "--class",
        dest="classes",
        action="append",
        default=[],
        metavar="NAME[:#RRGGBB]",
        help="a class, numbered from 0 in the order given; repeat it for more",
    )


def execute(arguments: Namespace, console: Console) -> Answer:
    from segstudio.domain.classes import check_classes, check_colours, parse_classes
    from segstudio.store.project import Project
    from segstudio.workflows.listing import classes
    from segstudio.workflows.templates import classes_of

    first = classes_of(arguments.template) if arguments.template is not None else []
    labels = parse_classes(arguments.classes, first)
    check_classes(labels)
    check_colours(labels)
    project = Project.create(arguments.project, labels)
    try:
        found = [{k: row[k] for k in ("id", "name", "colour")} for row in classes(project)]
    finally:
        project.close()
    number = f"{len(labels)} class{'es' * (len(labels) != 1)}"
    return Answer(
        {"project": str(project.root), "classes": found}, f"made {project.root} with {number}"
    )
