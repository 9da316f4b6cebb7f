"""``segstudio split``: set pictures aside for validation and for the last test."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from segstudio.cli.arguments import whole_number
from segstudio.cli.console import Answer, Console

HELP = "set pictures aside, so that no figure is measured on what was learned from"


def configure(parser: ArgumentParser) -> None:
    parser.add_argument("project", type=Path, metavar="PROJECT")
    parser.add_argument(
        "--by", choices=("image", "folder", "position"), default="image",
        help="what is never parted: equal pictures, a folder, tiles near each other",
    )  # fmt: skip
    parser.add_argument("--val", default="0.2", metavar="SHARE", help="of all pictures; 0.2")
    parser.add_argument(
        "--test", default="0", metavar="SHARE", help="of all; pictures of the test stay there"
    )
    parser.add_argument("--seed", type=whole_number(0), default=0, metavar="N")


def execute(arguments: Namespace, console: Console) -> Answer:
    from segstudio.cli.projects import changing
    from segstudio.domain.records import Split
    from segstudio.settings import build
    from segstudio.workflows.validation import SplitSettings, plan_split

    names = ("by", "val", "test", "seed")
    settings = build(SplitSettings, {name: getattr(arguments, name) for name in names})
    with changing(arguments.project, console) as project:
        project.apply(plan_split(project, settings))
        splits = [image.split for image in project.images()]
    counts = {str(split): splits.count(split) for split in Split}
    text = ", ".join(f"{count} {name}" for name, count in counts.items())
    return Answer({"images": len(splits), **counts}, text)
