"""``segstudio export``: take masks out."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from segstudio.cli.console import Answer, Console, counted, failures

HELP = "write the masks in a format of other programs"


def configure(parser: ArgumentParser) -> None:
    parser.add_argument("project", type=Path, metavar="PROJECT")
    parser.add_argument("--format", default="masks", metavar="NAME")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="DIR")
    parser.add_argument(
        "--set", dest="settings", action="append", default=[], metavar="FIELD=VALUE",
        help="a setting of the format",
    )  # fmt: skip


def execute(arguments: Namespace, console: Console) -> Answer:
    from segstudio.cli.projects import reading
    from segstudio.settings import assignments, build
    from segstudio.store.exchange.format import formats
    from segstudio.workflows.export import export

    format = build(formats[arguments.format], assignments(arguments.settings))
    with reading(arguments.project) as project:
        done = export(project, format, arguments.output, console.task)
    values = {
        "format": arguments.format,
        "images": done.images,
        "failed": failures(done.failed),
        "changed": done.changed,
    }
    lost = f"; {counted(done.changed, 'object')} changed by the format" if done.changed else ""
    text = f"exported {counted(done.images, 'picture')} to {arguments.output}{lost}"
    return Answer(values, text, done.failed, done.interrupted)
