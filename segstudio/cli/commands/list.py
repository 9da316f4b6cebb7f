"""``segstudio list``: show what there is."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from segstudio.cli.console import Answer, Console, table
from segstudio.domain.records import Row

HELP = (
    "show methods, networks, losses, augmentations, strategies, formats, tools, classes, images, "
    "runs or pipelines"
)

WHAT = (
    "methods", "networks", "losses", "augmentations", "strategies", "formats", "tools", "classes",
    "images", "runs", "pipelines",
)  # fmt: skip


def configure(parser: ArgumentParser) -> None:
    parser.add_argument("what", choices=WHAT, metavar="WHAT", help=", ".join(WHAT))
    parser.add_argument("project", nargs="?", type=Path, metavar="PROJECT")


def execute(arguments: Namespace, console: Console) -> Answer:
    from segstudio.cli.projects import reading
    from segstudio.workflows.listing import OF_PROGRAM, OF_PROJECT, networks

    if arguments.what == "networks":
        rows = networks(console.task)
        return Answer({"rows": rows}, table([_in_short(row) for row in rows]))
    if arguments.what in OF_PROGRAM:
        rows = OF_PROGRAM[arguments.what]()
    else:
        with reading(arguments.project or Path.cwd()) as project:
            rows = OF_PROJECT[arguments.what](project)
    return Answer({"rows": rows}, table(rows))


def _in_short(row: Row) -> Row:
    """Return a network's figures in units that can be compared at a glance."""
    return {
        "name": row["name"],
        "classes": row["classes"],
        "parameters, M": f"{row['parameters'] / 1e6:.3f}",
        "MACs at 256², G": f"{row['macs'] / 1e9:.2f}",
        "MB": f"{row['bytes'] / 1e6:.1f}",
        "ms": f"{row['milliseconds']:.0f}",
        "source": row["source"],
        "settings": row["settings"],
    }
