"""``segstudio runs``: compare the runs of a project, use, note, keep or delete some."""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from segstudio.cli.arguments import whole_number
from segstudio.cli.console import Answer, Console, figure, table
from segstudio.errors import UserError

if TYPE_CHECKING:
    from segstudio.store.project import Project
    from segstudio.workflows.run_table import Remarks, RunRow

HELP = "compare the trainings of a project; use, note, keep or delete some"


def configure(parser: ArgumentParser) -> None:
    parser.add_argument("project", type=Path, metavar="PROJECT")
    parser.add_argument("--use", type=whole_number(1), metavar="RUN", help="use its model")
    parser.add_argument(
        "--note", action="append", default=[], metavar="RUN:TEXT", help="write a note; repeatable"
    )
    parser.add_argument(
        "--tags", action="append", default=[], metavar="RUN:TAG,…", help="tag a run; repeatable"
    )
    parser.add_argument(
        "--save", action="append", default=[], metavar="RUN:FILE",
        help="write the settings of a run into a TOML file; repeatable",
    )  # fmt: skip
    parser.add_argument(
        "--delete", type=whole_number(1), action="append", default=[], metavar="RUN",
        help="delete a run with its model, curves and notes; repeatable",
    )  # fmt: skip
    parser.add_argument(
        "--log-to", metavar="TRACKER", help="hand all runs that are over to mlflow or dvc"
    )


def execute(arguments: Namespace, console: Console) -> Answer:
    from segstudio.cli.projects import changing, reading
    from segstudio.workflows.run_table import find_run, run_rows
    from segstudio.workflows.tracking import Kept, check_tracker, hand_over, over

    if arguments.log_to:
        check_tracker(arguments.log_to)
    notes, tags, saves = (
        [_of_run(text) for text in texts]
        for texts in (arguments.note, arguments.tags, arguments.save)
    )
    kept: list[Kept] = []
    asked = [*arguments.delete, *(run for run, _ in (*notes, *tags, *saves))]
    with reading(arguments.project) as project:
        for run in asked:  # nothing is done where one is wrong
            find_run(project, run)
        _save(project, saves)
        rows = run_rows(project)
    if arguments.use or arguments.delete or notes or tags:
        with changing(arguments.project, console) as project:
            _change(project, arguments, notes, tags)
            rows = run_rows(project)
    if arguments.log_to:
        with reading(arguments.project) as project:
            kept = hand_over(project, over(project), arguments.log_to, console.task)
    text = table([_shown(row) for row in rows])
    for place in dict.fromkeys(each.place for each in kept):
        text += f"\nlogged to {place}"
    values = {"runs": [_values(row) for row in rows], "logged": [vars(each) for each in kept]}
    return Answer(values, text)


def _of_run(text: str) -> tuple[int, str]:
    run, colon, rest = text.partition(":")
    if not colon or not run.isdecimal():
        raise UserError(f"{text!r} names no run", "write it as RUN:…, such as 3:…")
    return int(run), rest


def _save(project: "Project", saves: list[tuple[int, str]]) -> None:
    from segstudio.workflows.beginnings import choice_again
    from segstudio.workflows.run_table import find_run
    from segstudio.workflows.settings_files import write_settings

    for run, file in saves:
        write_settings(Path(file), choice_again(project, find_run(project, run)))


def _change(
    project: "Project", arguments: Namespace, notes: list[tuple[int, str]],
    tags: list[tuple[int, str]],
) -> None:  # fmt: skip
    from dataclasses import replace

    from segstudio.workflows.run_table import (
        remarks_of,
        remove_runs,
        tags_from,
        use_run,
        write_remarks,
    )
    from segstudio.workflows.runs import RunFolder

    def remarks(run: int) -> "Remarks":
        return remarks_of(RunFolder(project.run_folder(run)))

    if arguments.use:
        use_run(project, arguments.use)
    for run, text in notes:
        write_remarks(project, run, replace(remarks(run), note=text.strip()))
    for run, text in tags:
        write_remarks(project, run, replace(remarks(run), tags=tags_from(text)))
    if arguments.delete:
        remove_runs(project, list(dict.fromkeys(arguments.delete)))


def _values(row: "RunRow") -> dict[str, object]:
    run, metrics = row.run, row.run.metrics
    return {
        "id": run.id,
        "network": run.network,
        "status": run.status,
        "in_use": row.in_use,
        "miou": metrics.get("miou"),
        "interval": metrics.get("interval"),
        "indicative": metrics.get("indicative", False),
        "parameters": metrics.get("parameters"),
        "seconds_an_image": metrics.get("seconds_an_image"),
        "memory": metrics.get("memory"),
        "started": run.started,
        "settings": dict(row.differs),
        "tags": list(row.remarks.tags),
        "note": row.remarks.note,
        "reason": run.note,
    }


def _shown(row: "RunRow") -> dict[str, object]:
    from segstudio.workflows.run_table import in_words

    interval = row.interval
    sure = f" ({interval[0]:.3f}–{interval[1]:.3f})" if interval else ""
    return {
        "run": f"{row.run.id}{' *' if row.in_use else ''}",
        "network": row.run.network,
        "mIoU": f"{figure(row.run.metrics.get('miou'))}{sure}"
        if row.run.status == "done"
        else row.run.status,
        "settings": in_words(row.differs),
        "tags": ", ".join(row.remarks.tags),
        "note": row.remarks.note,
    }
