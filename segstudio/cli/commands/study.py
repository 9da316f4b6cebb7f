"""``segstudio study``: measurements on a project that are no part of labelling it."""

import importlib
import pkgutil
from argparse import ArgumentParser, Namespace
from pathlib import Path

from segstudio.cli import studies
from segstudio.cli.arguments import whole_number
from segstudio.cli.console import Answer, Console

HELP = "measure things on a project, as what simple methods reach on it"


def configure(parser: ArgumentParser) -> None:
    known = names()
    parser.add_argument("name", choices=known, metavar="NAME", help=", ".join(known))
    parser.add_argument("project", type=Path, metavar="PROJECT")
    parser.add_argument("--split", choices=("train", "val", "test", "pool"), default="val")
    parser.add_argument("--seed", type=whole_number(0), default=0, metavar="N")


def names() -> list[str]:
    """Return the names of the studies."""
    return [module.name for module in pkgutil.iter_modules(studies.__path__)]


def execute(arguments: Namespace, console: Console) -> Answer:
    from segstudio.cli.projects import reading
    from segstudio.domain.records import Split

    module = importlib.import_module(f"{studies.__name__}.{arguments.name}")
    with reading(arguments.project) as project:
        answer = module.study(project, Split(arguments.split), arguments.seed, console.task)
    assert isinstance(answer, Answer)
    return answer
