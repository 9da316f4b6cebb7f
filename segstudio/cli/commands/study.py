"""``segstudio study``: measurements on a project that are not part of labelling it."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from segstudio.cli.arguments import whole_number
from segstudio.cli.console import Answer, Console, figure, table

HELP = "measure simple methods on a project: what a network must be better than"

NAMES = ("baselines",)


def configure(parser: ArgumentParser) -> None:
    parser.add_argument("name", choices=NAMES, metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("project", type=Path, metavar="PROJECT")
    parser.add_argument("--seed", type=whole_number(0), default=0, metavar="N")


def execute(arguments: Namespace, console: Console) -> Answer:
    import time

    from segstudio.cli.projects import reading
    from segstudio.workflows.compare import project_baselines

    began = time.monotonic()
    with reading(arguments.project) as project:
        found = project_baselines(project, console.task, arguments.seed)
    rows = [{"method": name, "mIoU": figure(value)} for name, value in found.items()]
    seconds = round(time.monotonic() - began, 2)
    values = {"study": arguments.name, "baselines": found, "seconds": seconds}
    return Answer(values, f"learned on train and pool, measured on val\n{table(rows)}")
