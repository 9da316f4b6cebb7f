"""Rows of the database to records, and back."""

import json
import sqlite3
from typing import Any

from segstudio.domain.geometry import Box
from segstudio.domain.records import QueueItem, Row, RunRecord


def class_values(row: sqlite3.Row) -> Row:
    return {
        **dict(row),
        "colour": json.loads(row["colour"]),
        "visible": bool(row["visible"]),
        "locked": bool(row["locked"]),
    }


def image_values(row: sqlite3.Row) -> Row:
    values = dict(row)
    values["georef"] = json.loads(values["georef"]) if values["georef"] else None
    return values


def run_of(row: sqlite3.Row) -> RunRecord:
    values = dict(row)
    for name in ("settings", "metrics"):
        values[name] = json.loads(values[name])
    return RunRecord(**values)


def run_values(run: RunRecord) -> dict[str, Any]:
    return dict(vars(run))


def queue_item_of(row: sqlite3.Row) -> QueueItem:
    values = dict(row)
    return QueueItem(
        row["image"], row["score"], row["strategy"], box_of(row["box"]), row["reason"],
        # A project of an earlier version that is open for reading has no such columns.
        values.get("predicted"), bool(values.get("by_lot")),
    )  # fmt: skip


def queue_values(place: int, item: QueueItem) -> Row:
    return {
        "place": place,
        "image": item.image,
        "score": item.score,
        "strategy": item.strategy,
        "box": box_values(item.box),
        "reason": item.reason,
        "predicted": item.predicted,
        "by_lot": int(item.by_lot),
    }


def box_of(text: str | None) -> Box | None:
    """Read a box as it is stored; nothing stands for a whole picture."""
    return Box(*json.loads(text)) if text else None


def box_values(box: Box | None) -> list[int] | None:
    return None if box is None else [box.top, box.left, box.bottom, box.right]
