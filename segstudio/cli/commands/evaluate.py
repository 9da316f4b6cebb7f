"""``segstudio evaluate``: measure a model."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from segstudio.cli.arguments import whole_number
from segstudio.cli.console import Answer, Console, counted, failures, figure, table
from segstudio.cli.models import MODEL, add_facts, model_of
from segstudio.errors import UserError

HELP = "measure a model on labelled pictures of a project, or on pictures with masks"

WORST = 10
"""Pictures that are named, the worst first."""


def configure(parser: ArgumentParser) -> None:
    parser.add_argument("model", metavar="MODEL", help=MODEL)
    parser.add_argument("paths", type=Path, nargs="+", metavar="PROJECT|IMAGES")
    parser.add_argument("--split", choices=("train", "val", "test", "pool"))
    parser.add_argument(
        "--masks", type=Path, metavar="DIR", help="masks that are called as the pictures are"
    )
    parser.add_argument("--ignore", type=whole_number(0), action="append", default=[], metavar="ID")
    add_facts(parser)


def execute(arguments: Namespace, console: Console) -> Answer:
    from segstudio.cli.projects import reading
    from segstudio.domain.records import Split
    from segstudio.workflows.evaluate import evaluate_files, evaluate_project

    found = model_of(arguments)
    if arguments.masks is not None:
        if arguments.split is not None:
            raise UserError("--split is for projects, --masks for files", "leave one of them out")
        done = evaluate_files(
            found, arguments.paths, arguments.masks, arguments.ignore, console.task
        )
    else:
        if len(arguments.paths) != 1 or arguments.ignore:
            raise UserError("pictures need their masks", "give them with --masks DIR")
        with reading(arguments.paths[0]) as project:
            split = Split(arguments.split or "val")
            done = evaluate_project(project, found, console.task, split)
    summary = done.summary()
    iou: dict[str, float | None] = summary["iou"]
    values = {
        "images": done.images,
        **summary,
        "worst": done.worst(WORST),
        "failed": failures(done.failed),
        "seconds": round(done.seconds, 3),
    }
    low, high = summary["interval"] or (None, None)
    sure = f" (95 % interval {figure(low)} to {figure(high)})" if low is not None else ""
    head = (
        f"mIoU {figure(summary['miou'])}{sure}, pixel accuracy {figure(summary['pixel_accuracy'])} "
        f"on {counted(done.images, 'picture')} in {done.seconds:.1f} s"
    )
    rows = [{"class": name, "IoU": figure(value)} for name, value in iou.items()]
    return Answer(values, f"{head}\n{table(rows)}", done.failed, done.interrupted)
