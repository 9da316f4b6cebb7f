"""``segstudio add``: add pictures to a project."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from segstudio.cli.arguments import whole_number
from segstudio.cli.console import Answer, Console, counted, failures

HELP = "add pictures, or folders of them, with their masks where there are some"


def configure(parser: ArgumentParser) -> None:
    parser.add_argument("project", type=Path, metavar="PROJECT")
    parser.add_argument("paths", type=Path, nargs="+", metavar="PATH")
    parser.add_argument(
        "--masks", type=Path, metavar="DIR", help="masks that are called as the pictures are"
    )
    parser.add_argument(
        "--ignore", type=whole_number(0), action="append", default=[], metavar="ID",
        help="a number in the masks that stands for unlabelled; repeat it for more",
    )  # fmt: skip
    parser.add_argument(
        "--legend", type=Path, metavar="FILE", help="lines id,name,#RRGGBB for masks in colours"
    )
    parser.add_argument("--split", choices=("train", "val", "test", "pool"), default="pool")


def execute(arguments: Namespace, console: Console) -> Answer:
    from segstudio.cli.projects import changing
    from segstudio.domain.records import Split
    from segstudio.workflows.add import plan_add
    from segstudio.workflows.incoming import MaskRules

    with changing(arguments.project, console) as project:
        rules = MaskRules.of(project.classes(), arguments.ignore, arguments.legend)
        split = Split(arguments.split)
        done = plan_add(project, arguments.paths, console.task, split, arguments.masks, rules)
        project.apply(done.edit)
    said = [f"added {counted(done.added, 'picture')} with {counted(done.masks, 'mask')}"]
    if done.known:
        said.append(f"{counted(done.known, 'picture')} in the project already")
    if done.found_again:
        said.append(f"{counted(done.found_again, 'moved picture')} found again")
    values = {
        "added": done.added,
        "masks": done.masks,
        "known": done.known,
        "found_again": done.found_again,
        "failed": failures(done.failed),
    }
    return Answer(values, ", ".join(said), done.failed, done.interrupted)
