"""``segstudio rank``: say which pictures to label next."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from segstudio.cli.arguments import whole_number
from segstudio.cli.console import Answer, Console, failures, table
from segstudio.cli.models import add_facts, model_of

HELP = "say which pictures, or regions of them, to label next, and why"


def configure(parser: ArgumentParser) -> None:
    parser.add_argument("project", type=Path, metavar="PROJECT")
    parser.add_argument("--model", metavar="MODEL", help="instead of the one in use")
    parser.add_argument("--strategy", default="recommended", metavar="NAME")
    parser.add_argument("--budget", type=whole_number(1), metavar="N", help="how many")
    parser.add_argument(
        "--set", dest="settings", action="append", default=[], metavar="FIELD=VALUE",
        help="a setting of the strategy",
    )  # fmt: skip
    add_facts(parser)


def execute(arguments: Namespace, console: Console) -> Answer:
    from segstudio.cli.projects import changing
    from segstudio.settings import assignments, build
    from segstudio.workflows.queue import has_score
    from segstudio.workflows.rank import rank
    from segstudio.workflows.strategies.strategy import strategies

    strategy = build(strategies[arguments.strategy], assignments(arguments.settings))
    found = model_of(arguments) if arguments.model else None
    with changing(arguments.project, console) as project:
        done = rank(project, console.task, strategy, found, arguments.budget)
        names = {image.id: str(project.path_of(image)) for image in project.images()}
        classes = {label.id: label.name for label in project.classes()}
    items = [
        {
            "image": names[item.image],
            "id": item.image,
            "score": item.score,
            "box": [item.box.top, item.box.left, item.box.bottom, item.box.right]
            if item.box
            else None,
            "reason": item.reason,
            "predicted": classes.get(item.predicted) if item.predicted is not None else None,
            "by_lot": item.by_lot,
        }
        for item in done.items
    ]
    shown = [
        {
            "place": n,
            "score": i["score"] if has_score(item) else "–",
            "picture": Path(str(i["image"])).name,
            "region": "all" if item.box is None else f"{item.box.left},{item.box.top}",
            "why": i["reason"],
        }
        for n, (i, item) in enumerate(zip(items, done.items, strict=True), 1)
    ]
    values = {
        "strategy": done.strategy,
        "items": items,
        "notes": done.notes,
        "failed": failures(done.failed),
        "seconds": round(done.seconds, 3),
    }
    text = "\n".join([*(f"note: {note}" for note in done.notes), table(shown)])
    return Answer(values, text, done.failed)
