"""Which method is best: every segmenter, learned from a few pictures and measured on others."""

import time
from argparse import Namespace
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from segstudio.cli.console import Answer, counted, figure, table
from segstudio.domain.records import Split
from segstudio.domain.task import Task
from segstudio.methods.segmenter import segmenters
from segstudio.store.project import Project
from segstudio.workflows.study_candidates import told_settings, variants
from segstudio.workflows.study_methods import Row, Study, Wanted, best_first

HELP = "every segmenter with several settings: mIoU, IoU by class and time"

NUMBERS = ("images", "pixels", "most")
OPTIONS = (*NUMBERS, "method")

GROUPS = (
    (("none", "project"), ""),
    (("picture",), "from strokes on each of the measured pictures, so not to be compared"),
)


def study(project: Project, arguments: Namespace, task: Task) -> Answer:
    """Learn from some pictures of train and pool, measure on those of the split."""
    began = time.monotonic()
    wanted = Wanted(
        Split(arguments.split), arguments.seed, **{name: getattr(arguments, name)
        for name in NUMBERS if getattr(arguments, name) is not None},
    )  # fmt: skip
    classes = project.classes()
    chosen = [
        settings
        for name in dict.fromkeys(arguments.method or segmenters)
        for settings in variants(segmenters[name], len(classes))
    ]
    made = Study(project, wanted, chosen)
    names = {label.id: label.name for label in classes}
    rows = best_first(list(made.rows(task)))
    values = {
        "study": "methods",
        "split": arguments.split,
        "images": len(made.judged),
        "learned": [image.name for image in made.learned],
        "pixels": wanted.pixels,
        "rows": [_values(row, names) for row in rows],
        "seconds": round(time.monotonic() - began, 3),
    }
    head = (
        f"learned from {counted(len(made.learned), 'picture')} and {wanted.pixels} pixels of each "
        f"class, measured on {counted(len(made.judged), 'picture')} of {arguments.split}"
    )
    return Answer(values, "\n".join([head, *_tables(rows, names)]))


def _values(row: Row, names: Mapping[int, str]) -> dict[str, Any]:
    found = row.confusion.summary(names) if row.confusion is not None else {}
    return {
        "method": row.method,
        "settings": asdict(row.settings),
        "seeds": row.seeds,
        "miou": row.miou,
        "pixel_accuracy": found.get("pixel_accuracy"),
        "iou": found.get("iou", dict.fromkeys(names.values())),
        "seconds_per_megapixel": row.seconds_per_megapixel,
        "learning_seconds": row.learning,
        "refused": row.refused,
        "reason": row.reason,
    }


def _tables(rows: Sequence[Row], names: Mapping[int, str]) -> list[str]:
    texts = []
    for seeds, title in GROUPS:
        measured = [row for row in rows if row.seeds in seeds and row.confusion is not None]
        if measured:
            texts += ["", *([title] if title else []), table([_figures(row) for row in measured])]
            texts += ["", "IoU by class", table([_by_class(row, names) for row in measured])]
    for row in rows:
        if row.reason:
            part = f"refused {counted(row.refused, 'picture')}: " if row.refused else ""
            texts += [f"{_named(row)}: {part}{row.reason}"]
    return texts


def _named(row: Row) -> str:
    changed = told_settings(row.settings)
    told = " ".join(f"{name}={_told(value)}" for name, value in changed.items())
    return f"{row.method} {told}".rstrip()


def _told(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _figures(row: Row) -> dict[str, Any]:
    pace = row.seconds_per_megapixel
    accuracy = row.confusion.pixel_accuracy if row.confusion is not None else None
    return {
        "method": _named(row),
        "learned from": "masks" if row.seeds == "none" else "pixels",
        "mIoU": figure(row.miou),
        "accuracy": figure(accuracy),
        "s/Mpx": "–" if pace is None else f"{pace:.3f}",
    }


def _by_class(row: Row, names: Mapping[int, str]) -> dict[str, Any]:
    values = row.confusion.iou if row.confusion is not None else []
    pairs = zip(names.values(), values, strict=True)
    return {"method": _named(row), **{name: figure(value) for name, value in pairs}}
