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
    box = Box(*json.loads(row["box"])) if row["box"] else None
    return QueueItem(row["image"], row["score"], row["strategy"], box, row["reason"])


def queue_values(place: int, item: QueueItem) -> Row:
    box = item.box
    return {
        "place": place,
        "image": item.image,
        "score": item.score,
        "strategy": item.strategy,
        "box": [box.top, box.left, box.bottom, box.right] if box else None,
        "reason": item.reason,
    }
