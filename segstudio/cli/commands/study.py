"""``segstudio study``: measurements on a project that are no part of labelling it."""

import importlib
import pkgutil
from argparse import ArgumentParser, Namespace
from contextlib import ExitStack
from pathlib import Path

from segstudio.cli import studies
from segstudio.cli.arguments import whole_number
from segstudio.cli.console import Answer, Console
from segstudio.errors import UserError

HELP = "measure things on a project, as what simple methods reach on it"


METHODS = {
    "images": "pictures that are learned from (5)",
    "pixels": "pixels of each class that stand for strokes (200)",
    "most": "pictures that are measured on, at most (all)",
}

OF_SOME = (
    *METHODS, "method", "seeds", "steps", "full", "device", "settings", "weights", "output",
    "rounds", "budget", "arms", "shard", "tuned",
)  # fmt: skip
"""Options that are not of every study; those that take one name it in ``OPTIONS``."""

WRITTEN = {"settings": "--set", "output": "-o"}
"""How options are written whose names here are others."""


def configure(parser: ArgumentParser) -> None:
    known = names()
    parser.add_argument("name", choices=known, metavar="NAME", help=", ".join(known))
    parser.add_argument(
        "project", type=Path, nargs="+", metavar="PROJECT", help="selection: one or several"
    )
    parser.add_argument("--split", choices=("train", "val", "test", "pool"), default="val")
    parser.add_argument("--seed", type=whole_number(0), default=0, metavar="N")
    for name, text in METHODS.items():
        parser.add_argument(f"--{name}", type=whole_number(1), metavar="N", help=f"methods: {text}")
    parser.add_argument(
        "--method", action="append", metavar="NAME", help="methods: only this one; repeatable"
    )
    _configure_trained(parser)
    _configure_selection(parser)


def _configure_trained(parser: ArgumentParser) -> None:
    """Add the options of the studies that train networks."""
    group = parser.add_argument_group("of scaling, scale, augmentation and backbone")
    group.add_argument(
        "--seeds", type=whole_number(1), metavar="N", help="runs of each arm, from --seed on (3)"
    )
    group.add_argument("--steps", type=whole_number(1), metavar="N", help="of each run (1000)")
    group.add_argument(
        "--full", action="store_true", default=None,
        help="networks at the papers' width, as on a GPU",
    )  # fmt: skip
    group.add_argument("--device", metavar="cpu|cuda|mps|auto", help="where to train (auto)")
    group.add_argument(
        "--set", dest="settings", action="append", metavar="FIELD=VALUE",
        help="a setting of the training or the loss, for all arms",
    )  # fmt: skip
    group.add_argument(
        "--weights", metavar="FILE|MODEL",
        help="to begin from; backbone: those of ResNet-50, or PROJECT:RUN on other data",
    )  # fmt: skip
    group.add_argument(
        "-o", dest="output", type=Path, metavar="PAGE.html",
        help="the page, its numbers beside it (PROJECT/studies/NAME.html)",
    )  # fmt: skip


def _configure_selection(parser: ArgumentParser) -> None:
    """Add the options of the study of selection, beside those of studies that train networks."""
    group = parser.add_argument_group(
        "of selection, beside --seeds (10), --steps (200), --device, --set, --weights and -o"
    )
    group.add_argument("--rounds", type=whole_number(1), metavar="N", help="of labelling (5)")
    group.add_argument(
        "--budget", type=whole_number(1), metavar="N", help="regions that a round labels (16)"
    )
    group.add_argument(
        "--arms", metavar="NAME,NAME", help="strategies that are compared; judged (default), all"
    )
    group.add_argument(
        "--shard", metavar="I/N", help="only this part of the work, as one machine of several"
    )
    group.add_argument(
        "--tuned", action="append", metavar="NAME",
        help="a project that settings were chosen on: it is not judged; repeatable",
    )  # fmt: skip


def names() -> list[str]:
    """Return the names of the studies."""
    return [module.name for module in pkgutil.iter_modules(studies.__path__)]


def execute(arguments: Namespace, console: Console) -> Answer:
    from segstudio.cli.projects import reading

    module = importlib.import_module(f"{studies.__name__}.{arguments.name}")
    for name in OF_SOME:
        if getattr(arguments, name) is not None and name not in getattr(module, "OPTIONS", ()):
            option = WRITTEN.get(name, f"--{name}")
            raise UserError(f"the study {arguments.name} does not take {option}", "leave it out")
    several = getattr(module, "SEVERAL", False)
    if len(arguments.project) > 1 and not several:
        raise UserError(f"the study {arguments.name} takes one project", "leave the others out")
    with ExitStack() as opened:
        projects = [opened.enter_context(reading(path)) for path in arguments.project]
        if not several:
            arguments.project = arguments.project[0]
        answer = module.study(projects if several else projects[0], arguments, console.task)
    assert isinstance(answer, Answer)
    return answer
